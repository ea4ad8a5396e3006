// A client of SPICE's link protocol, independent of the library: a port and a password in, what the server answered out. Follows the
// chapter "Channel link" of the SPICE protocol: link header and message, the server's reply with its RSA key, the password encrypted
// for it (OAEP with SHA-1), and the result; then the channel's first message.

import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** The channel that each session opens first. */
export const MAIN_CHANNEL = 1;
/** The first message of that channel. */
export const MAIN_INIT = 103;

const AUTH_SELECTION = 1 << 0;
const AUTH_SPICE = 1 << 1;
const MINI_HEADER = 1 << 3;
const HEADER = 16;
const KEY = 162;

export interface Link {
  readonly magic: string;
  readonly major: number;
  /** SPICE_LINK_ERR_…: of the link message, and of the password. 0 is well. */
  readonly error: number;
  readonly result: number;
  /** The type of the first message; undefined where the server refused. */
  readonly message: number | undefined;
}

/** Opens the main channel, and closes the connection again. */
export async function link(port: number, password: string): Promise<Link> {
  const socket = connect(port, '127.0.0.1');
  const read = reader(socket);
  try {
    socket.write(linkMessage());
    const header = await read(HEADER);
    const reply = await read(header.readUInt32LE(12));
    const key = createPublicKey({ key: reply.subarray(4, 4 + KEY), format: 'der', type: 'spki' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const ticket = publicEncrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(`${password}\0`));
    const mechanism = Buffer.alloc(4);
    mechanism.writeUInt32LE(1); // SPICE's own
    socket.write(Buffer.concat([mechanism, ticket]));
    const result = (await read(4)).readUInt32LE();
    const message = result === 0 ? (await read(6)).readUInt16LE() : undefined;
    const [magic, major, error] = [header.toString('latin1', 0, 4), header.readUInt32LE(4), reply.readUInt32LE(0)];
    return { magic, major, error, result, message };
  } finally {
    // In order: unread bytes would make a reset of it.
    socket.end();
    await read(Infinity).catch(() => {});
  }
}

function linkMessage(): Buffer {
  const message = Buffer.alloc(HEADER + 18 + 4);
  message.write('REDQ', 0, 'latin1');
  for (const [at, value] of [
    [4, 2], // version 2.2
    [8, 2],
    [12, 18 + 4], // what follows: a message and one word of capabilities
    [HEADER, 0], // a new session
    [HEADER + 6, 1], // words of capabilities in common, and of the channel
    [HEADER + 10, 0],
    [HEADER + 14, 18], // where they are
    [HEADER + 18, AUTH_SELECTION | AUTH_SPICE | MINI_HEADER],
  ] as const)
    message.writeUInt32LE(value, at);
  message.writeUInt8(MAIN_CHANNEL, HEADER + 4);
  return message;
}

/** Reads so many bytes of a socket at a time. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest = Buffer.alloc(0);
  return async (length) => {
    while (rest.length < length) {
      const { value, done } = await chunks.next();
      if (done) throw new Error(`the server closed the connection after ${rest.length} of ${length} bytes`);
      rest = Buffer.concat([rest, value]);
    }
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  };
}
