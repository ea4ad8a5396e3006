// Messages of the SSH File Transfer Protocol, version 3, as bytes: fields in, a packet out, and the other way round. Follows
// draft-ietf-secsh-filexfer-02, sections 3 to 7.

/** The fields of a packet that is being made. */
export class Fields {
  readonly #parts: Buffer[] = [];

  u32(value: number): this {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeUInt32BE(value);
    return this.#add(bytes);
  }

  u64(value: number): this {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return this.#add(bytes);
  }

  string(value: string | Buffer): this {
    const bytes = Buffer.from(value);
    return this.u32(bytes.length).#add(bytes);
  }

  #add(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Length, type and number stand before a packet's fields; `more` bytes come behind them. */
export function packet(type: number, id: number, fields: Buffer, more = 0): Buffer {
  const head = Buffer.allocUnsafe(9 + fields.length);
  head.writeUInt32BE(5 + fields.length + more);
  head.writeUInt8(type, 4);
  head.writeUInt32BE(id, 5);
  fields.copy(head, 9);
  return head;
}

/** Reads the fields of a packet that has come. Throws a RangeError beyond its end. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u32(): number {
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  u64(): number {
    this.#at += 8;
    return Number(this.#bytes.readBigUInt64BE(this.#at - 8));
  }

  /** A part of the packet, not a copy. */
  string(): Buffer {
    const length = this.u32();
    if (length > this.left) throw new RangeError('a string is longer than its packet');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return this.string().toString();
  }
}
