// The real libiscsi through its shim: a URL parsed in C, its fields read through the generated record type.
// Run: node examples/dist/libiscsi.js [url]

import { iscsi_url, libiscsi, TCP_TRANSPORT } from '@dlshim/shims/libiscsi';

const text = process.argv[2] ?? 'iscsi://alice%secret@192.0.2.7:3260/iqn.2026-11.example:disk0/3';

const iscsi = libiscsi.tryOpen();
if (!iscsi) {
  console.log(libiscsi.inspect().error?.message);
  process.exit(0);
}

const context = iscsi.fn.iscsi_create_context('iqn.2026-11.example:initiator');
if (!context) throw new Error('iscsi_create_context: out of memory');

const pointer = iscsi.fn.iscsi_parse_full_url(context, text);
if (!pointer) {
  console.error(iscsi.fn.iscsi_get_error(context));
  process.exit(1);
}

const url = iscsi_url.at(pointer); // A view of C's memory: valid until iscsi_destroy_url.
console.log(`portal:    ${url.portal}`);
console.log(`target:    ${url.target}`);
console.log(`lun:       ${url.lun}`);
console.log(`user:      ${url.user}`);
console.log(`transport: ${url.transport === TCP_TRANSPORT ? 'TCP' : url.transport}`);

iscsi.fn.iscsi_destroy_url(pointer);
iscsi.fn.iscsi_destroy_context(context);
