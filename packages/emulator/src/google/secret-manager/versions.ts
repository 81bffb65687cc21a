import { createHash } from 'node:crypto';
import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { listed } from '../../kernel/resources/listing.ts';
import { guarded, requireEtag, SECRET, secretOf } from './access.ts';
import type { Context } from './context.ts';
import { crc32c } from './crc32c.ts';
import { type Secret, type SecretVersion, versionNumber } from './state.ts';

const VERSIONS = `${SECRET}/versions`;
const VERSION = `${VERSIONS}/{version}`;
const MAX_BYTES = 65_536;

/** Versions of secrets (https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions). */
export const versionRoutes: readonly Route<Context>[] = [
  guarded('POST', `${SECRET}:addVersion`, 'versions.add', addVersion),
  guarded('GET', VERSIONS, 'versions.list', (call, cloud) => {
    const secret = secretOf(call, cloud);
    const all = secret.versions.map((_, index) => shownVersion(secret, index + 1)).reverse();
    return withTotal(listed(call, 'versions', all, false), all.length);
  }),
  guarded('GET', `${VERSION}:access`, 'versions.access', access),
  guarded('GET', VERSION, 'versions.get', (call, cloud) => {
    const { secret, number } = versionOf(call, cloud);
    return { body: shownVersion(secret, number) };
  }),
  guarded(
    'POST',
    `${VERSION}:disable`,
    'versions.disable',
    changed((version) => {
      version.disabled = true;
    }),
  ),
  guarded(
    'POST',
    `${VERSION}:enable`,
    'versions.enable',
    changed((version) => {
      version.disabled = false;
    }),
  ),
  guarded(
    'POST',
    `${VERSION}:destroy`,
    'versions.destroy',
    changed((version, now) => {
      delete version.data;
      version.destroyTime = now;
    }),
  ),
];

/** How many there are in all, which the lists of this API say. */
export function withTotal({ body, ...reply }: Reply, totalSize: number): Reply {
  return { ...reply, body: { ...(body as object), ...(totalSize > 0 && { totalSize }) } };
}

function addVersion(call: Call, cloud: Context): Reply {
  const secret = secretOf(call, cloud);
  const { data = '', dataCrc32c } =
    json<{ payload?: { data?: string; dataCrc32c?: string } }>(call).payload ?? {};
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length === 0 || bytes.length > MAX_BYTES)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Secret Payload must be from 1 to ${MAX_BYTES} bytes long, and has ${bytes.length}.`,
    );
  if (dataCrc32c !== undefined && Number(dataCrc32c) !== crc32c(bytes))
    throw new ApiError('INVALID_ARGUMENT', 'The checksum provided does not match the secret payload.');
  secret.versions.push({
    createTime: cloud.clock.now(),
    data: bytes.toString('base64'),
    checked: dataCrc32c !== undefined,
  });
  return { body: shownVersion(secret, secret.versions.length) };
}

function access(call: Call, cloud: Context): Reply {
  const { secret, number, version } = versionOf(call, cloud);
  const { data } = version;
  const state = stateOf(version);
  if (data === undefined || state !== 'ENABLED')
    throw new ApiError(
      'FAILED_PRECONDITION',
      `Secret Version [${secret.name}/versions/${number}] is in ${state} state.`,
    );
  const dataCrc32c = String(crc32c(Buffer.from(data, 'base64')));
  return { body: { name: `${secret.name}/versions/${number}`, payload: { data, dataCrc32c } } };
}

function changed(change: (version: SecretVersion, now: number) => void) {
  return (call: Call, cloud: Context): Reply => {
    const { secret, number, version } = versionOf(call, cloud);
    const name = `${secret.name}/versions/${number}`;
    requireEtag(json<{ etag?: string }>(call).etag, etagOf(version), name);
    if (version.data === undefined)
      throw new ApiError('FAILED_PRECONDITION', `Secret Version [${name}] is in DESTROYED state.`);
    change(version, cloud.clock.now());
    return { body: shownVersion(secret, number) };
  };
}

function versionOf(call: Call, cloud: Context): { secret: Secret; number: number; version: SecretVersion } {
  const secret = secretOf(call, cloud);
  const { version: asked = '' } = call.params;
  const number = versionNumber(secret, asked);
  const version = secret.versions[number - 1];
  if (!version)
    throw new ApiError(
      'NOT_FOUND',
      `Secret Version [${secret.name}/versions/${asked}] not found or has no versions.`,
    );
  return { secret, number, version };
}

function stateOf({ data, disabled }: SecretVersion): string {
  if (data === undefined) return 'DESTROYED';
  return disabled ? 'DISABLED' : 'ENABLED';
}

function shownVersion(secret: Secret, number: number): Record<string, unknown> {
  const version = secret.versions[number - 1] as SecretVersion;
  const { createTime, destroyTime, checked } = version;
  const userManaged = (secret.replication as { userManaged?: { replicas?: { location?: string }[] } })
    .userManaged;
  return {
    name: `${secret.name}/versions/${number}`,
    createTime: timestamp(createTime),
    ...(destroyTime !== undefined && { destroyTime: timestamp(destroyTime) }),
    state: stateOf(version),
    replicationStatus: userManaged
      ? { userManaged: { replicas: (userManaged.replicas ?? []).map(({ location }) => ({ location })) } }
      : { automatic: {} },
    etag: etagOf(version),
    ...(checked && { clientSpecifiedPayloadChecksum: true }),
  };
}

function etagOf(version: SecretVersion): string {
  return `"${createHash('sha256').update(JSON.stringify(version)).digest('hex').slice(0, 14)}"`;
}
