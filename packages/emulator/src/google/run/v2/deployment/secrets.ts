import type { ArchiveFile } from '../../../../docker/tar.ts';
import { ApiError } from '../../../../kernel/errors.ts';
import { serviceAccount } from '../../../../kernel/principal.ts';
import type { Context } from '../../context.ts';
import type { Container, EnvVar, Volume } from '../types.ts';

/** Who reads secrets for what: the runtime account of a revision, or of a job. */
export interface Reader {
  readonly account: string;
  /** As messages name it: `Revision` or `Job`. */
  readonly kind: 'Revision' | 'Job';
}

/** Environment variables with the values of the secrets that some of them name. */
export function environmentOf(
  { env = [] }: Container,
  index: number,
  reader: Reader,
  cloud: Context,
): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value = '', valueSource }: EnvVar, at) => {
      const reference = valueSource?.secretKeyRef;
      if (!reference) return [name, value];
      const place = `spec.template.spec.containers[${index}].env[${at}].value_from.secret_key_ref.name`;
      const { secret, version = 'latest' } = reference;
      return [name, access(secret, version, reader, place, cloud).toString('utf8')];
    }),
  );
}

/** The files that volumes of secrets put into a container. */
export function secretFiles(
  { volumeMounts = [] }: Container,
  volumes: readonly Volume[],
  reader: Reader,
  cloud: Context,
): ArchiveFile[] {
  return volumeMounts.flatMap(({ name, mountPath }) => {
    const index = volumes.findIndex((volume) => volume.name === name);
    const source = volumes[index]?.secret;
    if (!source) return [];
    const { secret, defaultMode = 0o444 } = source;
    const place = `spec.template.spec.volumes[${index}].secret.secret_name`;
    const items = source.items ?? [{ path: secret.split('/').at(-1) ?? secret }];
    return items.map(({ path, version = 'latest', mode = defaultMode }) => ({
      path: `${mountPath}/${path}`.replace(/^\/+/, ''),
      mode,
      content: access(secret, version, reader, place, cloud),
    }));
  });
}

function access(
  secret: string,
  version: string,
  { account, kind }: Reader,
  place: string,
  cloud: Context,
): Buffer {
  const { id, number } = cloud.project;
  const project = /^projects\/([^/]+)\/secrets\//.exec(secret)?.[1] ?? number;
  const name = secret.split('/').at(-1) ?? '';
  const full = `projects/${project}/secrets/${name}/versions/${version}`;
  const resource = `projects/${project === number ? id : project}/secrets/${name}/versions/${version}`;
  const data = cloud.secrets.read(name, version);
  if (data === undefined) throw new ApiError('NOT_FOUND', `${place}: Secret ${full} was not found`);
  if (!cloud.iam.allows(serviceAccount(account), 'secretmanager.versions.access', resource))
    throw new ApiError(
      'PERMISSION_DENIED',
      `${place}: Permission denied on secret: ${full} for ${kind} service account ${account}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`,
    );
  return data;
}
