import { createHmac, randomBytes } from 'node:crypto';
import type { TokenScope } from './token.ts';

const LOCATION = 'https://api.fly.io/v1';
/** Caveat types and the bits of an action (https://github.com/superfly/macaroon: caveat.go, resset/action.go). */
const ORGANIZATION = 0;
const APPS = 3;
const VALIDITY_WINDOW = 4;
const READ = 1;
const ALL = 31;

type Packed = string | number | boolean | Buffer | readonly Packed[] | ReadonlyMap<number, Packed>;

/**
 * A permission token as Fly.io makes them, without third-party caveats: flyctl can read it and asks nobody for a
 * discharge (https://github.com/superfly/macaroon/blob/main/macaroon.go).
 *
 * @param notBefore milliseconds since the epoch
 * @param notAfter milliseconds since the epoch
 */
export function macaroon(id: string, scope: TokenScope, notBefore: number, notAfter: number): string {
  const nonce: Packed = [Buffer.from(id), randomBytes(16), false];
  const caveats: [number, Packed][] = [
    [VALIDITY_WINDOW, [Math.floor(notBefore / 1000), Math.floor(notAfter / 1000)]],
  ];
  const mask = scope.kind === 'readonly' ? READ : ALL;
  if (scope.organization) caveats.unshift([ORGANIZATION, [scope.organization.numericId, mask]]);
  if (scope.app) caveats.push([APPS, [new Map([[scope.app.numericId, mask]])]]);
  const tail = caveats.reduce(
    (key, caveat) => createHmac('sha256', key).update(pack(caveat)).digest(),
    createHmac('sha256', randomBytes(32)).update(pack(nonce)).digest(),
  );
  return `fm2_${pack([nonce, LOCATION, caveats.flat(), tail]).toString('base64')}`;
}

/** MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), as much as a macaroon needs. */
function pack(value: Packed): Buffer {
  if (typeof value === 'boolean') return Buffer.of(value ? 0xc3 : 0xc2);
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([
      bytes.length < 32 ? Buffer.of(0xa0 | bytes.length) : Buffer.of(0xd9, bytes.length),
      bytes,
    ]);
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.of(0xc4, value.length), value]);
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, entry]) => [packNumber(key), pack(entry)]);
    return Buffer.concat([Buffer.of(0x80 | value.size), ...entries]);
  }
  const items = value as readonly Packed[];
  return Buffer.concat([Buffer.of(0x90 | items.length), ...items.map(pack)]);
}

function packNumber(value: number): Buffer {
  if (value < 128) return Buffer.of(value);
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xcf;
  bytes.writeBigUInt64BE(BigInt(value), 1);
  return bytes;
}
