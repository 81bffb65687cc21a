import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readProject } from './project.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-project-'));
});
afterEach(() => rm(folder, { recursive: true }));

const PRIVATE = ['.git', 'gha-creds-*.json'];
async function read(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return readProject(folder);
}

it('leaves out what no image is to hold, where there is no project.toml', async () => {
  const { exclude, include, builder, descriptor } = await read({});
  expect({ exclude, include, builder }).toEqual({ exclude: PRIVATE, include: undefined, builder: undefined });
  expect(parse(descriptor)).toEqual({
    _: { 'schema-version': '0.2' },
    io: { buildpacks: { exclude: PRIVATE } },
  });
});

it.each([
  ['0.2', '[_]\nschema-version = "0.2"\n[io.buildpacks]\n'],
  ['0.1, which is meant where none is named', '[project]\nid = "x"\n[build]\n'],
])('reads schema %s, and adds to it', async (_, head) => {
  const { exclude, builder, descriptor } = await read({
    'project.toml': `${head}builder = "b/c:1"\nexclude = ["*.md"]\n`,
  });
  expect({ exclude, builder }).toEqual({ exclude: ['*.md', ...PRIVATE], builder: 'b/c:1' });
  expect(descriptor).toContain('"gha-creds-*.json"');
});

it('takes what is private out of what is included, and keeps a history that is asked for', async () => {
  const head = '[_]\nschema-version = "0.2"\n[io.buildpacks]\n';
  const included = await read({ 'project.toml': `${head}include = ["*"]\n`, '.gcloudignore': '*.md\n' });
  expect(included).toMatchObject({ include: ['*', '!.git', '!gha-creds-*.json'], exclude: undefined });
  const kept = await read({ 'project.toml': `${head}exclude = ["!.git"]\n` });
  expect(kept.exclude).toEqual(['!.git', 'gha-creds-*.json']);
});

it('reads .gcloudignore where project.toml names no files', async () => {
  const files = { '.gcloudignore': '.gcloudignore\n#!include:.gitignore\n', '.gitignore': 'build/\n' };
  expect((await read(files)).exclude).toEqual(['.gcloudignore', 'build/', '', '', ...PRIVATE]);
});

it('finds buildpacks of the project, from wherever the descriptor lies', async () => {
  await writeFile(join(folder, 'own.tgz'), '');
  const { descriptor } = await read({
    'project.toml':
      '[_]\nschema-version = "0.2"\n[[io.buildpacks.group]]\nuri = "own.tgz"\n[[io.buildpacks.group]]\nuri = "docker://a/b"\n',
  });
  expect(parse(descriptor)).toMatchObject({
    io: { buildpacks: { group: [{ uri: join(folder, 'own.tgz') }, { uri: 'docker://a/b' }] } },
  });
});

it.each([
  ['[_\n', "can't be read at line 1: "],
  ['[build]\ninclude = ["a"]\nexclude = ["b"]\n', 'has both include and exclude'],
  ['[build]\nexclude = "a"\n', 'has an exclude that is not a list of patterns'],
])('refuses %j', async (text, message) => {
  await expect(read({ 'project.toml': text })).rejects.toThrow(message);
});
