import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { find, writeImage } from '@gangway/engine';
import ncc from '@vercel/ncc';

// needs: busybox

const execute = promisify(execFile);

/** How a pod of the image runs the client: with a URL after it. */
export const CLIENT = ['/node', '/client.mjs'] as const;

/**
 * Writes an image with this machine's Node, Google's authentication library and a program that uses it, which sleeps until somebody runs
 * that; busybox is there, too.
 *
 * @param path of the archive
 */
export async function writeClientImage(path: string, reference: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-client-'));
  try {
    const { code, assets } = await ncc(fileURLToPath(new URL('client.ts', import.meta.url)), {
      cache: false,
      quiet: true,
      transpileOnly: true,
    });
    const parts = Object.entries(assets).map(([name, { source }]) => [name, source] as const);
    const bundle = [['client.mjs', code] as const, ...parts].filter(([name]) => /^[\w.-]+$/.test(name));
    for (const [name, content] of bundle) await writeFile(join(folder, name), content);
    await writeImage(path, reference, {
      files: new Map([
        ...bundle.map(([name]) => [`/${name}`, join(folder, name)] as const),
        ['/node', process.execPath],
        ['/busybox', find('busybox')[0] ?? 'busybox'],
        ...(await librariesOf(process.execPath)).map((library) => [library, library] as const),
      ]),
      directories: ['/tmp'],
      entrypoint: ['/busybox', 'sleep', '2147483647'],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await execute('ldd', [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}
