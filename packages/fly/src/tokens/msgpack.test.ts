import { describe, expect, it } from 'vitest';
import { unpack } from './msgpack.ts';

describe('MessagePack', () => {
  it.each([
    ['c0', null],
    ['c3', true],
    ['7f', 127],
    ['ff', -1],
    ['ccff', 255],
    ['cd0100', 256],
    ['ceffffffff', 4294967295],
    ['cf0000000100000000', 4294967296],
    ['cfffffffffffffffff', 18446744073709551615n],
    ['d0ff', -1],
    ['d1ff00', -256],
    ['d2ffffff00', -256],
    ['d3ffffffffffffffff', -1],
    ['a3616263', 'abc'],
    ['d903616263', 'abc'],
    ['da0003616263', 'abc'],
    ['93010203', [1, 2, 3]],
    ['dc0003010203', [1, 2, 3]],
    ['dd00000003010203', [1, 2, 3]],
    ['c4020102', new Uint8Array([1, 2])],
    ['c500020102', new Uint8Array([1, 2])],
    ['8101a161', new Map([[1, 'a']])],
    ['de000101a161', new Map([[1, 'a']])],
    ['df0000000101a161', new Map([[1, 'a']])],
  ])('reads %s', (hex, value) => expect(unpack(new Uint8Array(Buffer.from(hex, 'hex')))).toEqual(value));

  it.each([
    ['', 'cut short'],
    ['93', 'cut short'],
    ['cd01', 'cut short'],
    ['0101', 'more after'],
    ['c1', '0xc1'],
    ['d40100', '0xd4'],
    ['ddffffffff', 'cut short'],
    ['91'.repeat(100), 'too deep'],
  ])('refuses %s', (hex, why) => expect(() => unpack(new Uint8Array(Buffer.from(hex, 'hex')))).toThrow(why));
});
