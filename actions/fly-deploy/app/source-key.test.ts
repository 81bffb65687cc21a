import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryClient } from '@gangway/registry';
import { NoKey } from '@gangway/sources';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildSection } from '../flyctl/fly-config.ts';
import type { BuildInputs } from './build-inputs.ts';
import { sourceKey } from './source-key.ts';

const INPUTS: BuildInputs = {
  ...{ remote: false, given: undefined, reuse: true, fresh: false, flags: [], args: {} },
  ...{ dockerfile: undefined, target: undefined, ignorefile: undefined },
};
const OWN = registryClient('127.0.0.1:9', undefined);
const DOCKERFILE = 'FROM scratch AS one\nARG A\nCOPY . /app\nFROM one\n';

describe('the key of what flyctl would build', () => {
  const before = process.cwd();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-key-'));
    process.chdir(folder);
    await mkdir('docker');
    for (const [name, text] of Object.entries({
      Dockerfile: DOCKERFILE,
      'docker/Dockerfile': `${DOCKERFILE}CMD ["x"]\n`,
      'file.txt': 'one',
      'web.ignore': 'file.txt\n',
      remote: 'FROM scratch\nADD https://example.com/a /a\n',
      git: 'FROM scratch\nCOPY .git /git\n',
      frontend: '# syntax=example.com/other:1\nFROM scratch\n',
      moving: 'FROM 127.0.0.1:9/base:latest\n',
      broken: 'FROM\n',
    }))
      await writeFile(name, text);
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  const keyOf = (section: BuildSection = {}, inputs: Partial<BuildInputs> = {}) =>
    sourceKey(section, 'fly.toml', { ...INPUTS, ...inputs }, OWN);

  it.each<[string, BuildSection, Partial<BuildInputs>]>([
    ['another Dockerfile', { dockerfile: 'docker/Dockerfile' }, {}],
    ['another stage', { 'build-target': 'one' }, {}],
    ['an argument', { args: { A: '1' } }, {}],
    ['another compression', { compression: 'zstd' }, {}],
    ['an ignore file', { ignorefile: 'web.ignore' }, {}],
  ])('is another with %s', async (_, section, inputs) => {
    const key = await keyOf();
    expect(key).toMatch(/^[0-9a-f]{40}$/);
    expect(await keyOf(section, inputs)).not.toBe(key);
    expect(await keyOf(section, inputs)).toBe(await keyOf(section, inputs));
  });

  it('is one for the same said in fly.toml and by an input', async () => {
    expect(await keyOf({ args: { A: '1' }, 'build-target': 'ONE' })).toBe(
      await keyOf({}, { args: { A: '1' }, target: 'one' }),
    );
    // The input goes first, as flyctl has it.
    expect(await keyOf({ args: { A: '2' } }, { args: { A: '1' } })).toBe(
      await keyOf({}, { args: { A: '1' } }),
    );
  });

  it('is another when a file of the context changes', async () => {
    const key = await keyOf();
    await writeFile('file.txt', 'two');
    expect(await keyOf()).not.toBe(key);
    await writeFile('file.txt', 'one');
    expect(await keyOf()).toBe(key);
  });

  it.each<[BuildSection, RegExp]>([
    [{ builder: 'paketobuildpacks/builder:base' }, /buildpacks/],
    [{ builtin: 'node' }, /flyctl brings along/],
    [{ dockerfile: 'https://example.com/Dockerfile' }, /fetched from elsewhere/],
    [{ dockerfile: 'remote' }, /ADD https:\/\/example\.com\/a may bring/],
    [{ dockerfile: 'git' }, /copies \.git/],
    [{ dockerfile: 'frontend' }, /another frontend/],
    [{ dockerfile: 'moving' }, /base image 127\.0\.0\.1:9\/base:latest can't be looked up/],
    [{ dockerfile: 'broken' }, /can't be read/],
    [{ dockerfile: 'missing' }, /missing can't be read/],
  ])('is none for %j', async (section, why) => {
    const error = await keyOf(section).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoKey);
    expect((error as Error).message).toMatch(why);
  });
});
