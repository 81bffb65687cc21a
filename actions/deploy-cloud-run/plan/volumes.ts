import { isDeepStrictEqual } from 'node:util';
import { invalid } from '@gangway/action';
import type { Container, Volume } from '../api/resources.ts';
import type { MountedVolume } from '../inputs/volumes.ts';

/**
 * The volumes, and the mounts of the main container, with those of the input `volumes` in place of all buckets, memory
 * and NFS that the main container has. What sidecars mount stays; so do secrets and Cloud SQL.
 *
 * @throws ActionError where the name of one is that of another that stays
 */
export function withVolumes(
  container: Container,
  volumes: readonly Volume[] | undefined,
  given: readonly MountedVolume[] | undefined,
  beside: readonly Container[],
): { container: Container; volumes: readonly Volume[] | undefined } {
  if (given === undefined) return { container, volumes };
  const mounts = container.volumeMounts ?? [];
  const mine = new Set(mounts.map(({ name }) => name));
  const theirs = new Set(beside.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
  const names = new Set(given.map(({ volume }) => volume.name));
  const replaced = (volumes ?? []).filter((volume) => isData(volume) && mine.has(volume.name));
  for (const { volume } of given) {
    const other = (volumes ?? []).find(({ name }) => name === volume.name);
    const isFree = !other || (isData(other) && (mine.has(other.name) || !theirs.has(other.name)));
    if (!isFree && !isDeepStrictEqual(other, volume)) throw taken(other);
  }
  const kept = (volumes ?? []).filter(
    (volume) => !names.has(volume.name) && (!replaced.includes(volume) || theirs.has(volume.name)),
  );
  const unmounted = new Set([...replaced.map(({ name }) => name), ...names]);
  return {
    container: {
      ...container,
      volumeMounts: [
        ...mounts.filter(({ name }) => !unmounted.has(name)),
        ...given.map(({ volume, path }) => ({ name: volume.name, mountPath: path })),
      ],
    },
    volumes: [...kept, ...given.map(({ volume }) => volume)],
  };
}

function taken({ name, secret, cloudSqlInstance, filestore }: Volume): Error {
  const what = secret
    ? 'of a secret'
    : cloudSqlInstance
      ? 'of Cloud SQL'
      : filestore
        ? 'of Filestore'
        : 'that a sidecar mounts';
  return invalid(
    'volumes',
    `name=${name}`,
    `the volume ${what} has that name; choose another, or leave name out`,
  );
}

function isData({ gcs, emptyDir, nfs }: Volume): boolean {
  return (gcs ?? emptyDir ?? nfs) !== undefined;
}
