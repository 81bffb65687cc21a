import { randomBytes, randomInt } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ADJECTIVES = ['autumn', 'bold', 'cold', 'dawn', 'frosty', 'gentle', 'misty', 'quiet', 'small', 'young'];
const NOUNS = ['bird', 'breeze', 'cloud', 'fire', 'leaf', 'moon', 'river', 'star', 'thunder', 'wave'];

/** A ULID (https://github.com/ulid/spec): 48 bits of time, 80 of chance, sortable. */
export function ulid(now: number): string {
  let time = '';
  for (let left = now; time.length < 10; left = Math.floor(left / 32)) time = CROCKFORD[left % 32] + time;
  return time + [...randomBytes(16)].map((byte) => CROCKFORD[byte % 32]).join('');
}

/** As the platform names machines: 14 hexadecimal digits. */
export function machineId(): string {
  return randomBytes(7).toString('hex');
}

/** e.g. `frosty-star-8151` */
export function machineName(): string {
  const pick = (words: readonly string[]) => words[randomInt(words.length)] ?? '';
  return `${pick(ADJECTIVES)}-${pick(NOUNS)}-${randomInt(1000, 9999)}`;
}

export function volumeId(): string {
  return `vol_${randomBytes(10).toString('hex').slice(0, 17)}`;
}
