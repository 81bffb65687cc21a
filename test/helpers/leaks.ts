import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Shorter ones are no secrets, and occur by chance. */
const SHORTEST = 8;

/**
 * What of these secrets a text holds: whole or a line of it, as it is, in base64 of either alphabet and at each of
 * its three offsets, as a part of a URL, inside a JSON string, or neutralised as a workflow command.
 *
 * @returns the secrets found, cut short enough to be told
 */
export function leaksIn(text: string, secrets: Iterable<string>): string[] {
  return searchFor(secrets)(Buffer.from(text));
}

/** The files below a directory that hold a secret. */
export async function leakingFiles(directory: string, secrets: readonly string[]): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const search = searchFor(secrets);
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (search(await readFile(path)).length > 0) found.push(path);
  }
  return found;
}

/** Looks at the places where the first three bytes of a form are: whole images are searched for hundreds of forms at once. */
function searchFor(secrets: Iterable<string>): (bytes: Buffer) => string[] {
  const forms = new Map<number, { readonly secret: string; readonly bytes: Buffer }[]>();
  // Each step of each test looks for its secrets: one mark for all three bytes would be 16 MB to fill and to collect each time.
  const marks = new Uint8Array(2 ** MARK_BITS);
  for (const secret of new Set(secrets))
    for (const bytes of formsOf(secret)) {
      const start = bytes.readUIntBE(0, 3);
      forms.set(start, [...(forms.get(start) ?? []), { secret, bytes }]);
      marks[markOf(start)] = 1;
    }
  return (bytes) => {
    const found = new Set<string>();
    let start = 0;
    for (let end = 0; end < bytes.length; end++) {
      start = ((start << 8) | (bytes[end] ?? 0)) & 0xffffff;
      if (marks[markOf(start)] === 0 || end < 2) continue;
      for (const form of forms.get(start) ?? [])
        if (bytes.subarray(end - 2, end - 2 + form.bytes.length).equals(form.bytes)) found.add(form.secret);
    }
    return [...found].map((secret) => `${secret.slice(0, 6)}… (${secret.length} characters)`);
  };
}

/** So few that the marks stay in the processor's cache. */
const MARK_BITS = 16;

/** Spreads the first three bytes of a form over the marks (Knuth's multiplicative hashing). */
function markOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> (32 - MARK_BITS);
}

const known = new Map<string, readonly Buffer[]>();

/** All that a secret may look like; a job looks for the same ones after each step. */
function formsOf(secret: string): readonly Buffer[] {
  const before = known.get(secret);
  if (before) return before;
  const forms = [...new Set(spellings(secret))].map((form) => {
    if (Buffer.byteLength(form) < 3)
      throw new Error(`${JSON.stringify(form)} is too short to be looked for.`);
    return Buffer.from(form);
  });
  known.set(secret, forms);
  return forms;
}

function spellings(secret: string): string[] {
  const lines = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST && !line.startsWith('-----'));
  return [secret, ...lines].flatMap((part) => [
    part,
    encodeURIComponent(part),
    JSON.stringify(part).slice(1, -1),
    // As it would be if it were taken for a workflow command.
    part.replaceAll('[', '\\['),
    part.replace(/^([^!-~]*):/, '$1| :'),
    ...[0, 1, 2].flatMap((shift) => base64At(part, shift)),
  ]);
}

/** The characters that stand for this text alone when `shift` bytes come before it. */
function base64At(text: string, shift: number): string[] {
  const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
  const own = whole.slice(
    Math.ceil((shift * 8) / 6),
    Math.floor(((shift + Buffer.byteLength(text)) * 8) / 6),
  );
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}
