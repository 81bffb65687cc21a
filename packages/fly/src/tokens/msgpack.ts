/** What MessagePack can say: maps keep their order, and keys that are no strings. */
export type Packed = null | boolean | number | bigint | string | Uint8Array | Packed[] | Map<Packed, Packed>;

/** The deepest nesting that is read: what is deeper is no token. */
const DEEPEST = 32;

/**
 * Reads one MessagePack value, which must be the whole text.
 *
 * @throws Error when it is cut short, holds an extension type, or is followed by something
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function unpack(bytes: Uint8Array): Packed {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.atEnd) throw new Error('there is more after the value');
  return value;
}

class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): Packed {
    if (depth > DEEPEST) throw new Error('it is nested too deep');
    const head = this.#unsigned(1);
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f, depth);
    if (head < 0xa0) return this.#array(head & 0x0f, depth);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    if (head === 0xc0) return null;
    if (head === 0xc2 || head === 0xc3) return head === 0xc3;
    if (head >= 0xc4 && head <= 0xc6) return this.#take(this.#unsigned(2 ** (head - 0xc4)));
    if (head >= 0xcc && head <= 0xce) return this.#unsigned(2 ** (head - 0xcc));
    if (head === 0xcf) return narrow(this.#long().getBigUint64(0));
    if (head >= 0xd0 && head <= 0xd2) return this.#signed(2 ** (head - 0xd0));
    if (head === 0xd3) return narrow(this.#long().getBigInt64(0));
    if (head >= 0xd9 && head <= 0xdb) return this.#text(this.#unsigned(2 ** (head - 0xd9)));
    if (head === 0xdc || head === 0xdd) return this.#array(this.#unsigned(2 * (head - 0xdb)), depth);
    if (head === 0xde || head === 0xdf) return this.#map(this.#unsigned(2 * (head - 0xdd)), depth);
    throw new Error(`a value of the type 0x${head.toString(16)} is none that tokens hold`);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error('it is cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #unsigned(width: number): number {
    return this.#take(width).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  #signed(width: number): number {
    const value = this.#unsigned(width);
    return value >= 2 ** (8 * width - 1) ? value - 2 ** (8 * width) : value;
  }

  #long(): DataView {
    this.#take(8);
    return new DataView(this.#view.buffer, this.#view.byteOffset + this.#at - 8, 8);
  }

  #text(length: number): string {
    return new TextDecoder().decode(this.#take(length));
  }

  #array(length: number, depth: number): Packed[] {
    const items: Packed[] = [];
    for (let index = 0; index < length; index++) items.push(this.value(depth + 1));
    return items;
  }

  #map(length: number, depth: number): Map<Packed, Packed> {
    const map = new Map<Packed, Packed>();
    for (let index = 0; index < length; index++) map.set(this.value(depth + 1), this.value(depth + 1));
    return map;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
