// takes minutes
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { factsOf } from './facts.ts';
import { APIS } from './sources.ts';

const folder = resolve(import.meta.dirname, '../../packages/emulator/src/google/discovery');

it.each(APIS)("what the local cloud knows of $document is what Google's documents say", async (source) => {
  const committed = readFileSync(join(folder, `${source.document}.json`), 'utf8');
  expect(await factsOf(source), 'run node scripts/discovery/main.ts').toBe(committed);
});
