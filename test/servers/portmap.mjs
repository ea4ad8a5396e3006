// A port mapper for one NFS server, as a process: a socket's path, an address and two ports as arguments. It takes every registration, and
// answers on port 111 of the address where NFS and its mount service are. Follows RFC 1833 (programs 100000, versions 2 to 4) and
// RFC 5531 (messages, record marking).

import { createServer } from 'node:net';

const [socket, host, nfsPort, mountPort] = process.argv.slice(2);
const ports = new Map([
  [100003, Number(nfsPort)],
  [100005, Number(mountPort)],
]);

const PORT_MAPPER = 111;
const [GETPORT, GETADDR] = [3, 3];

/** @param {import('node:net').Socket} connection */
function serve(connection) {
  let rest = Buffer.alloc(0);
  connection.on('error', () => {});
  connection.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    // One fragment each: these messages are short.
    while (rest.length >= 4) {
      const end = 4 + (rest.readUInt32BE() & 0x7fffffff);
      if (rest.length < end) break;
      connection.write(reply(rest.subarray(4, end)));
      rest = rest.subarray(end);
    }
  });
}

/** @param {Buffer} call */
function reply(call) {
  const [id, , , , version, procedure] = Array.from({ length: 6 }, (_, at) => call.readUInt32BE(4 * at));
  // Credentials and verifier: a kind, and so many bytes.
  let at = 24;
  for (let i = 0; i < 2; i++) at += 8 + 4 * Math.ceil(call.readUInt32BE(at + 4) / 4);
  const result = procedure === 0 ? Buffer.alloc(0) : answer(version, procedure, call.subarray(at));
  const head = words(0, id, 1, 0, 0, 0, 0);
  head.writeUInt32BE(0x80000000 + head.length - 4 + result.length);
  return Buffer.concat([head, result]);
}

/** @param {number | undefined} version @param {number | undefined} procedure @param {Buffer} args */
function answer(version, procedure, args) {
  if (version === 2 && procedure === GETPORT) return words(ports.get(args.readUInt32BE()) ?? 0);
  if (version !== 2 && procedure === GETADDR) {
    const port = ports.get(args.readUInt32BE());
    const text = port === undefined ? '' : `${host}.${port >> 8}.${port & 255}`;
    return Buffer.concat([words(text.length), Buffer.from(text.padEnd(4 * Math.ceil(text.length / 4), '\0'))]);
  }
  return words(1); // Registered, or no more: both are true.
}

/** @param {readonly (number | undefined)[]} values */
function words(...values) {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => {
    bytes.writeUInt32BE(value ?? 0, 4 * at);
  });
  return bytes;
}

createServer(serve).listen(socket);
createServer(serve).listen(PORT_MAPPER, host);
