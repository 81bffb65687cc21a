import { chmod, mkdir, mkdtemp, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPathFilter } from '@gangway/dockerfile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestContext } from './context-digest.ts';

describe('digestContext', () => {
  let root: string;
  const digest = (...patterns: string[]) => digestContext(root, createPathFilter(patterns));
  const file = (name: string, content: string | Buffer) => writeFile(join(root, name), content);
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gangway-digest-'));
    await mkdir(join(root, 'src'));
    await file('src/a', 'one');
    await file('b', 'two');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it.each<[string, (root: string) => Promise<unknown>]>([
    ['times', (root) => utimes(join(root, 'b'), 0, 0)],
    ['permissions that git does not keep', (root) => chmod(join(root, 'b'), 0o640)],
    ['permissions of directories', (root) => chmod(join(root, 'src'), 0o700)],
    ["git's own files", (root) => mkdir(join(root, '.git'))],
    ['what is ignored', (root) => writeFile(join(root, 'notes.md'), '')],
  ])('does not depend on %s', async (_, change) => {
    const before = await digest('*.md');
    await change(root);
    expect(await digest('*.md')).toBe(before);
  });

  it.each<[string, (root: string) => Promise<unknown>]>([
    ['a content', (root) => writeFile(join(root, 'b'), 'Two')],
    ['a name', (root) => writeFile(join(root, 'c'), 'two').then(() => unlink(join(root, 'b')))],
    ['the right to execute', (root) => chmod(join(root, 'b'), 0o755)],
    ['an empty directory', (root) => mkdir(join(root, 'empty'))],
    ['a link', (root) => symlink('b', join(root, 'link'))],
    ['where the parts of names and contents meet', (root) => writeFile(join(root, 'src/a'), 'onebtwo')],
  ])('depends on %s', async (_, change) => {
    const before = await digest();
    await change(root);
    expect(await digest()).not.toBe(before);
  });

  it('depends on what a link points to, not on what is there', async () => {
    await symlink('b', join(root, 'link'));
    const before = await digest('b');
    await file('b', 'other');
    expect(await digest('b')).toBe(before);
    await unlink(join(root, 'link'));
    await symlink('src', join(root, 'link'));
    expect(await digest('b')).not.toBe(before);
  });

  it('is the same whoever of several threads reads a file, and of a file in the last batch too', async () => {
    await mkdir(join(root, 'many'));
    for (let index = 0; index < 3000; index++) await file(`many/${index}`, `${index}`);
    const before = await digest();
    expect(await digest()).toBe(before);
    await file('many/2999', 'x');
    expect(await digest()).not.toBe(before);
    await file('many/2999', '2999');
    expect(await digest()).toBe(before);
  });

  it('holds the directory above what an exception keeps, once, and no other', async () => {
    await mkdir(join(root, 'left/deep'), { recursive: true });
    await file('left/deep/kept', '');
    const kept = await digest('left', '!left/deep/kept');
    await mkdir(join(root, 'left/other'));
    expect(await digest('left', '!left/deep/kept')).toBe(kept);
    await rm(join(root, 'left/deep/kept'));
    expect(await digest('left', '!left/deep/kept')).not.toBe(kept);
  });

  it('takes names in any bytes, and large files', async () => {
    const [first, second] = [Buffer.from([0x66, 0xff]), Buffer.from([0x66, 0xfe])];
    const at = (name: Buffer) => Buffer.concat([Buffer.from(`${root}/`), name]);
    await writeFile(at(first), Buffer.alloc(3 * 1024 * 1024, 1));
    const before = await digest();
    await unlink(at(first));
    await writeFile(at(second), Buffer.alloc(3 * 1024 * 1024, 1));
    expect(await digest()).not.toBe(before);
  });
});
