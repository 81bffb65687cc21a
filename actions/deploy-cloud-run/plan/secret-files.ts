import { invalid } from '@gangway/action';
import { merged } from '@gangway/settings';
import type { Container, SecretReference, Volume } from '../api/resources.ts';
import { volumeName } from '../api/volume-name.ts';
import type { Settings } from '../inputs/settings.ts';
import { isWhole } from './env.ts';

type Files = Readonly<Record<string, SecretReference>>;

/**
 * The volumes, and the mounts of the main container, with which secrets are files. A volume holds versions of one
 * secret, and a folder one volume, so a folder holds one secret.
 *
 * @throws ActionError when two secrets are to be in one folder
 */
export function withSecretFiles(
  container: Container,
  volumes: readonly Volume[] | undefined,
  settings: Settings,
): { container: Container; volumes: readonly Volume[] | undefined } {
  const { secrets, secretsStrategy, removeSecrets = [] } = settings;
  const given = Object.fromEntries(Object.entries(secrets ?? {}).filter(([name]) => name.startsWith('/')));
  const isRemoving = removeSecrets.some((name) => name.startsWith('/'));
  if (Object.keys(given).length === 0 && !isWhole(secrets, settings) && !isRemoving)
    return { container, volumes };
  const mounts = container.volumeMounts ?? [];
  const secretVolumes = new Map(
    (volumes ?? []).flatMap((volume) => (volume.secret ? [[volume.name, volume] as const] : [])),
  );
  const current = Object.fromEntries(
    Object.entries(filesOf(mounts, secretVolumes)).filter(([path]) => !removeSecrets.includes(path)),
  );
  const wanted = merged(current, given, secretsStrategy);
  const made = byFolder(wanted);
  const kept = (volumes ?? []).filter(
    ({ name }) => !mounts.some((mount) => mount.name === name && secretVolumes.has(name)),
  );
  const others = mounts.filter(({ name }) => !secretVolumes.has(name));
  return {
    container: {
      ...container,
      volumeMounts: [
        ...others,
        ...made.map(({ folder, volume }) => ({ name: volume.name, mountPath: folder })),
      ],
    },
    volumes: [...kept, ...made.map(({ volume }) => volume)],
  };
}

function filesOf(
  mounts: NonNullable<Container['volumeMounts']>,
  volumes: ReadonlyMap<string, Volume>,
): Files {
  const files = mounts.flatMap(({ name, mountPath }) => {
    const source = volumes.get(name)?.secret;
    if (!source) return [];
    const items = source.items ?? [{ path: source.secret.split('/').at(-1) ?? '', version: 'latest' }];
    return items.map(
      ({ path, version = 'latest' }) => [`${mountPath}/${path}`, { secret: source.secret, version }] as const,
    );
  });
  return Object.fromEntries(files);
}

function byFolder(files: Files): { folder: string; volume: Volume }[] {
  const folders = new Map<string, { secret: string; items: { path: string; version: string }[] }>();
  for (const [path, { secret, version = 'latest' }] of Object.entries(files)) {
    const at = path.lastIndexOf('/');
    const folder = path.slice(0, at);
    const found = folders.get(folder) ?? { secret, items: [] };
    if (found.secret !== secret)
      throw invalid(
        'secrets',
        path,
        `the folder ${folder} has the secret ${found.secret} already, and Cloud Run keeps one secret to a folder; choose another`,
      );
    found.items.push({ path: path.slice(at + 1), version });
    folders.set(folder, found);
  }
  return [...folders].map(([folder, secret]) => ({
    folder,
    volume: { name: volumeName('secret', folder), secret },
  }));
}
