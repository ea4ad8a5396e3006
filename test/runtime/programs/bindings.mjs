// Opens libcurl and libssh, bound deep or not, and prints what they say of themselves, of node and of the process.
// Arguments: `option` to opt out with open({ deepBind: false }), else nothing; the environment may opt out too.
import { defineShim } from '@dlshim/runtime';

const base = {
  format: 3,
  version: '1',
  stamp: 'by-hand',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  packages: {},
  weak: {},
  features: {},
  records: {},
};
const options = process.argv[2] === 'option' ? { deepBind: false } : {};
const curl = defineShim({
  ...base,
  library: 'libcurl',
  files: { linux: ['libcurl.so.4'] },
  required: { curl_version: 'str()' },
});
const ssh = defineShim({
  ...base,
  library: 'libssh',
  files: { linux: ['libssh.so.4'] },
  required: { ssh_version: 'str(i32)' },
});
const said = curl.open(options).fn.curl_version();
ssh.open(options).fn.ssh_version(0);
const deep = [curl.inspect().deepBound, ssh.inspect().deepBound];
console.log(JSON.stringify({ said, deep, node: { openssl: process.versions.openssl, zlib: process.versions.zlib } }));
