import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../machine/command.ts';

/** What an image holds: its files by their paths in it, and how it runs. */
export interface ImageContent {
  /** Paths on this machine by paths in the image. */
  readonly files: ReadonlyMap<string, string>;
  /** Directories beside those of the files. */
  readonly directories?: readonly string[];
  readonly entrypoint: readonly string[];
  readonly env?: readonly string[];
}

/**
 * Writes an image of one layer, as an archive that `docker load` and containerd take.
 *
 * @param path of the archive
 * @see https://github.com/moby/docker-image-spec (v1.2, "Combined Image JSON + Filesystem Changeset Format")
 */
export async function writeImage(path: string, reference: string, content: ImageContent): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-image-'));
  try {
    const root = join(folder, 'root');
    for (const directory of content.directories ?? [])
      await mkdir(join(root, directory), { recursive: true });
    for (const [target, source] of content.files) {
      await mkdir(join(root, dirname(target)), { recursive: true });
      await copyFile(source, join(root, target));
    }
    await run('tar', ['-C', root, '--owner=0', '--group=0', '-cf', join(folder, 'layer.tar'), '.']);
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, 'layer.tar')), hash);
    const architecture = { x64: 'amd64' }[process.arch as string] ?? process.arch;
    const { entrypoint, env = [] } = content;
    const config = {
      ...{ architecture, os: 'linux' },
      config: { Entrypoint: entrypoint, Env: env },
      rootfs: { type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`] },
    };
    const manifest = [{ Config: 'config.json', RepoTags: [reference], Layers: ['layer.tar'] }];
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await run('tar', ['-C', folder, '-cf', path, 'manifest.json', 'config.json', 'layer.tar']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
