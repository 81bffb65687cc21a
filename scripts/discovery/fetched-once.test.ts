import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchedOnce } from './fetched-once.ts';

let cache: string;
let folder: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'gangway-fetched-'));
  folder = join(cache, 'package-1.0');
});
afterEach(() => rmSync(cache, { recursive: true }));

it('fetches once', () => {
  fetchedOnce(folder, (into) => writeFileSync(join(into, 'file'), 'first'));
  fetchedOnce(folder, (into) => writeFileSync(join(into, 'file'), 'second'));
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('first');
});

it('takes what another process has fetched meanwhile', () => {
  const got = fetchedOnce(folder, (into) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'file'), 'of the other');
    writeFileSync(join(into, 'file'), 'ours');
  });
  expect(got).toBe(folder);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('of the other');
  expect(readdirSync(cache)).toEqual([basename(folder)]);
});

it('leaves nothing where it fails', () => {
  const fail = () =>
    fetchedOnce(folder, (into) => {
      writeFileSync(join(into, 'half'), '');
      throw new Error('no package index');
    });
  expect(fail).toThrow('no package index');
  expect(readdirSync(cache)).toEqual([]);
});
