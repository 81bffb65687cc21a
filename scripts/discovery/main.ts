import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { factsOf } from './facts.ts';
import { APIS } from './sources.ts';

/*
 * `node scripts/discovery/main.ts` writes what the local cloud knows of Google's APIs, from the documents that Google publishes, at the
 * versions that are pinned in sources.ts.
 */

const folder = resolve(import.meta.dirname, '../../packages/emulator/src/google/discovery');
mkdirSync(folder, { recursive: true });
for (const source of APIS) {
  const file = join(folder, `${source.document}.json`);
  const text = await factsOf(source);
  writeFileSync(file, text);
  console.log(`${source.document}: ${text.length} bytes`);
}
