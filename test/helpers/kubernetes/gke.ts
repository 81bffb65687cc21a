import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, lackingForCluster, startGkeCluster } from '@gangway/cluster';
import type { RunningCloud } from '@gangway/emulator';
import { find, writeImage } from '@gangway/engine';

// needs: busybox, kubernetes

/** Where the cluster of the tests is. */
export const CLUSTER = { name: 'main', location: 'us-central1' } as const;

/** A cluster that a local cloud knows. */
export interface GkeCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  /** Names by which its node has an image with busybox, which need not be pulled. */
  readonly images: readonly [string, string];
}

/** What this machine lacks for a cluster; undefined where it has all. */
export function lackingForGke(): string | undefined {
  return lackingForCluster() ?? (process.env.GANGWAY_CURRENT_ENGINE ? undefined : 'no root of a node');
}

/** An image with Google's library for Node; see pod-client. */
export const CLIENT_IMAGE = 'gangway.test/client:one';

/**
 * Starts a cluster whose API server takes the tokens of a local cloud, and makes it known there.
 *
 * @param more what writes the archives of further images that its node has, by their names
 */
export async function startGke(
  cloud: RunningCloud,
  more: Readonly<Record<string, (path: string, name: string) => Promise<void>>> = {},
): Promise<GkeCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-gke-'));
  const images: [string, string] = ['gangway.test/app:one', 'gangway.test/app:two'];
  const archives: string[] = [];
  for (const name of images) {
    const path = join(folder, `${archives.length}.tar`);
    await writeImage(path, name, {
      files: new Map([['/busybox', find('busybox')[0] ?? 'busybox']]),
      entrypoint: ['/busybox', 'sleep', '2147483647'],
    });
    archives.push(path);
  }
  for (const [name, write] of Object.entries(more)) {
    const path = join(folder, `${archives.length}.tar`);
    await write(path, name);
    archives.push(path);
  }
  const root = process.env.GANGWAY_CURRENT_ENGINE ?? '';
  const directory = join(folder, 'cluster');
  const cluster = await startGkeCluster(cloud, { root, directory, images: archives, ...CLUSTER });
  return {
    cluster,
    images,
    async [Symbol.asyncDispose]() {
      await cluster[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
