// Messages of the SSH File Transfer Protocol, version 3, as bytes: fields in, a packet out, and the other way round. Follows
// draft-ietf-secsh-filexfer-02, sections 3 to 7.

/** Length, type and number stand before a packet's fields, in bytes. */
const HEAD = 9;

/** The fields of a packet that is being made. */
export class Fields {
  #bytes = Buffer.allocUnsafe(64);
  #length = HEAD;

  u32(value: number): this {
    const at = this.#grow(4);
    this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  u64(value: number): this {
    const at = this.#grow(8);
    this.#bytes.writeBigUInt64BE(BigInt(value), at);
    return this;
  }

  string(value: string | Buffer): this {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    this.u32(bytes.length);
    const at = this.#grow(bytes.length);
    bytes.copy(this.#bytes, at);
    return this;
  }

  /** The packet, whose memory this is; `more` bytes come behind it. */
  packet(type: number, id: number, more: number): Buffer {
    this.#bytes.writeUInt32BE(this.#length - 4 + more);
    this.#bytes.writeUInt8(type, 4);
    this.#bytes.writeUInt32BE(id, 5);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where the next field begins. */
  #grow(by: number): number {
    const at = this.#length;
    this.#length += by;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * this.#length);
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }
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
