import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installTool, type Supply } from './tool.ts';

let folder: string;
let archive: Buffer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-tool-'));
  vi.stubEnv('RUNNER_TOOL_CACHE', join(folder, 'cache'));
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in', 'README'), 'not this');
  await writeFile(join(folder, 'in', 'thing'), '#!/bin/sh\necho right\n', { mode: 0o755 });
  archive = pack('.');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const pack = (...names: string[]) => execFileSync('tar', ['-cz', '-C', join(folder, 'in'), ...names]);
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const run = (path: string) => execFileSync(path, { encoding: 'utf8' }).trim();
const none: Supply['download'] = () => Promise.reject(new Error('the network is down'));
let installs = 0;

function install(download: Supply['download'], pinned = sha256(archive), end = 'tar.gz') {
  const warnings: string[] = [];
  const tool = { name: 'thing', version: '1.2.3', url: `https://example.com/thing.${end}`, sha256: pinned };
  const supply = { download, cure: 'mend it', onWarning: (text: string) => warnings.push(text) };
  const directory = join(folder, `step-${++installs}`, 'tools');
  return { warnings, directory, path: installTool(tool, directory, supply) };
}

async function cachedFile(): Promise<string> {
  const entries = await readdir(join(folder, 'cache'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.complete'));
  expect(files).toHaveLength(1);
  return join(files[0]?.parentPath ?? '', files[0]?.name ?? '');
}

describe.skipIf(process.platform === 'win32')('a tool', () => {
  it('is downloaded once, and taken out of the cache from then on', async () => {
    const first = await install(async () => archive).path;
    expect(run(first)).toBe('right');
    expect((await stat(first)).mode & 0o777).toBe(0o700);
    expect(run(await install(none).path)).toBe('right');
  });

  it('is checked each time: what changed in the cache is not used, and is mended', async () => {
    await install(async () => archive).path;
    await writeFile(join(folder, 'in', 'thing'), '#!/bin/sh\necho wrong\n');
    await writeFile(await cachedFile(), pack('.'));
    const offline = install(none);
    await expect(offline.path).rejects.toMatchObject({ code: 'tool-download', hint: 'mend it' });
    expect(offline.warnings).toEqual([
      expect.stringMatching(/not what was pinned, and is not used: the sha256 of/),
    ]);
    expect(await readdir(folder)).not.toContain(`step-${installs}`);
    const online = install(async () => archive);
    expect(run(await online.path)).toBe('right');
    expect(online.warnings).toHaveLength(1);
    const again = install(none);
    expect(run(await again.path)).toBe('right');
    expect(again.warnings).toEqual([]);
  });

  it.each([
    ['another version with a marker', 'thing/9.9.9/x64'],
    ['the same version', 'thing/1.2.3/x64'],
  ])('is never another one that lies in the cache: %s', async (_, place) => {
    await mkdir(join(folder, 'cache', place), { recursive: true });
    await writeFile(join(folder, 'cache', place, 'thing'), '#!/bin/sh\necho wrong\n', { mode: 0o755 });
    await writeFile(join(folder, 'cache', `${place}.complete`), '');
    await expect(install(none).path).rejects.toMatchObject({
      code: 'tool-download',
      message: "thing 1.2.3 can't be downloaded from https://example.com/thing.tar.gz: the network is down.",
    });
  });

  it('is refused when what was downloaded is not what was pinned, and is not kept', async () => {
    const { path } = install(async () => archive, '0'.repeat(64));
    await expect(path).rejects.toMatchObject({ code: 'tool-digest' });
    expect(await readdir(folder)).toEqual(['in']);
  });

  it('does without a cache that it can not write, that is not there, or that is odd', async () => {
    await writeFile(join(folder, 'cache'), 'a file');
    expect(run(await install(async () => archive).path)).toBe('right');
    vi.stubEnv('RUNNER_TOOL_CACHE', '');
    expect(run(await install(async () => archive).path)).toBe('right');
    vi.stubEnv('RUNNER_TOOL_CACHE', join(folder, 'other'));
    await install(async () => archive).path;
    const [kept = ''] = (await readdir(join(folder, 'other'), { recursive: true })).filter((name) =>
      name.endsWith('.tar.gz'),
    );
    await rm(join(folder, 'other', kept));
    execFileSync('mkfifo', [join(folder, 'other', kept)]);
    expect(run(await install(async () => archive).path)).toBe('right');
  });

  it.each([
    ['has no such file', () => pack('README')],
    ['has it in a directory only', () => packed('deep/thing')],
    ['leads out of its directory', () => packed('../../thing')],
    ['holds a link in its place', () => linked()],
    ['is no archive', () => Buffer.from('<html>no</html>')],
    ['is cut off', () => archive.subarray(0, archive.length - 40)],
    ['is no tar', () => gzipSync(Buffer.alloc(4096, 'x'))],
  ])('is an error when the archive %s', async (_, make) => {
    const odd = await make();
    const { path, directory } = install(async () => odd, sha256(odd));
    await expect(path).rejects.toMatchObject({ code: 'tool-archive' });
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
  });

  it('is an error when the archive is a bomb', async () => {
    const bomb = Buffer.concat(Array(80).fill(gzipSync(Buffer.alloc(8 * 1024 * 1024))));
    await expect(install(async () => bomb, sha256(bomb)).path).rejects.toMatchObject({
      code: 'tool-archive',
      message: expect.stringContaining("can't be used"),
    });
  });

  it.each(['-0', '-9'])('comes out of a zip, too (%s)', async (level) => {
    const script =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED if sys.argv[2] == "-9" else zipfile.ZIP_STORED); [z.write(n, n) for n in ("README", "thing")]; z.close()';
    const path = join(folder, 'thing.zip');
    execFileSync('python3', ['-c', script, path, level], { cwd: join(folder, 'in') });
    const zip = await readFile(path);
    expect(run(await install(async () => zip, sha256(zip), 'zip').path)).toBe('right');
    for (const odd of [
      zip.subarray(0, -30),
      Buffer.from('PK'),
      Buffer.concat([zip.subarray(0, 60), zip.subarray(-22)]),
    ])
      await expect(install(async () => odd, sha256(odd), 'zip').path).rejects.toMatchObject({
        code: 'tool-archive',
      });
  });

  /** An archive whose one file has another name. */
  function packed(name: string): Buffer {
    return execFileSync('tar', ['-czP', '-C', join(folder, 'in'), `--transform=s,^thing$,${name},`, 'thing']);
  }

  async function linked(): Promise<Buffer> {
    await rm(join(folder, 'in', 'thing'));
    await symlink('/bin/sh', join(folder, 'in', 'thing'));
    return pack('thing');
  }
});
