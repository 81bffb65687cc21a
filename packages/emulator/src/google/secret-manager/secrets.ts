import { createHash } from 'node:crypto';
import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import { listed } from '../../kernel/resources/listing.ts';
import { locationsReply, REGIONS, shownLocation } from '../../kernel/resources/locations.ts';
import { fieldsToChange, putField, topOf } from '../../kernel/resources/mask.ts';
import { policyRoutes } from '../allow-policies/routes.ts';
import { API, guarded, requireEtag, SECRET, SECRETS, secretOf } from './access.ts';
import type { Context } from './context.ts';
import type { Secret, Settings } from './state.ts';
import { versionRoutes, withTotal } from './versions.ts';

const SETTINGS = [
  'labels',
  'annotations',
  'topics',
  'rotation',
  'versionAliases',
  'versionDestroyTtl',
  'expireTime',
] as const;

type Asked = Settings & { readonly replication?: unknown; readonly ttl?: string; readonly etag?: string };

/** The Secret Manager API v1, global secrets (https://cloud.google.com/secret-manager/docs/reference/rest). */
export const secretManagerRoutes: readonly Route<Context>[] = [
  guarded('GET', '/v1/projects/{project}/locations', 'locations.list', (_, cloud) =>
    locationsReply(cloud, REGIONS),
  ),
  guarded('GET', '/v1/projects/{project}/locations/{location}', 'locations.get', getLocation),
  guarded('POST', SECRETS, 'secrets.create', create),
  guarded('GET', SECRETS, 'secrets.list', list),
  guarded('GET', SECRET, 'secrets.get', (call, cloud) => ({ body: shown(secretOf(call, cloud)) })),
  guarded('PATCH', SECRET, 'secrets.update', update),
  guarded('DELETE', SECRET, 'secrets.delete', remove),
  ...policyRoutes<Context>(SECRET, {
    api: API,
    kind: 'secretmanager.secrets',
    guarded: (method, template, permission, handler) =>
      guarded(method, template, permission.replace(/^secretmanager\./, ''), handler),
    nameOf: ({ params: { secret } }, { project }) => `projects/${project.id}/secrets/${secret}`,
    requireThere: (call, cloud) => void secretOf(call, cloud),
    named: (name, { project }) => name.replace(project.id, project.number),
  }),
  ...versionRoutes,
];

function getLocation({ params: { location = '' } }: Call, { project }: Context): Reply {
  if (!REGIONS.includes(location)) throw new ApiError('NOT_FOUND', `Location ${location} was not found.`);
  return { body: shownLocation(project.id, location) };
}

function create(call: Call, cloud: Context): Reply {
  const id = call.query.get('secretId') ?? '';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(id))
    throw new ApiError(
      'INVALID_ARGUMENT',
      'The provided Secret ID does not match the expected format [[a-zA-Z_0-9]+].',
    );
  const { replication, ...asked } = json<Asked>(call);
  if (!replication) throw new ApiError('INVALID_ARGUMENT', 'Secret.replication is a required field.');
  const name = `projects/${cloud.project.number}/secrets/${id}`;
  if (cloud.secretManager.secrets.has(id))
    throw new ApiError('ALREADY_EXISTS', `Secret [${name}] already exists.`);
  const createTime = cloud.clock.now();
  const secret = { name, createTime, replication, versions: [], settings: settingsOf(asked, createTime) };
  cloud.secretManager.secrets.set(id, secret);
  return { body: shown(secret) };
}

function list(call: Call, cloud: Context): Reply {
  const all = [...cloud.secretManager.secrets.values()].map(shown);
  return withTotal(listed(call, 'secrets', all), all.length);
}

function update(call: Call, cloud: Context): Reply {
  const secret = secretOf(call, cloud);
  const asked = json<Asked>(call);
  requireEtag(asked.etag, etagOf(secret), secret.name);
  const mask = fieldsToChange(call.query.get('updateMask'), asked, [...SETTINGS, 'ttl'] as const);
  const after = settingsOf(asked, cloud.clock.now());
  const settings = { ...secret.settings };
  for (const field of mask.map(topOf)) putField(after, settings, field === 'ttl' ? 'expireTime' : field);
  secret.settings = settings;
  return { body: shown(secret) };
}

function remove(call: Call, cloud: Context): Reply {
  const secret = secretOf(call, cloud);
  requireEtag(call.query.get('etag'), etagOf(secret), secret.name);
  const { secret: id = '' } = call.params;
  cloud.secretManager.secrets.delete(id);
  cloud.iam.set(`projects/${cloud.project.id}/secrets/${id}`, {});
  return { body: {} };
}

/** @throws ApiError INVALID_ARGUMENT */
function settingsOf({ ttl, ...asked }: Asked, now: number): Settings {
  if (asked.labels) labelsOf({ labels: asked.labels });
  const settings: Record<string, unknown> = Object.fromEntries(
    SETTINGS.flatMap((field) => (asked[field] === undefined ? [] : [[field, asked[field]]])),
  );
  if (ttl !== undefined) {
    const seconds = Number(/^(\d+)(\.\d+)?s$/.exec(ttl)?.[1] ?? Number.NaN);
    if (!(seconds > 0))
      throw new ApiError('INVALID_ARGUMENT', `The ttl must be a positive duration, and is '${ttl}'.`);
    settings.expireTime = timestamp(now + seconds * 1000);
  }
  const { expireTime } = settings;
  if (expireTime !== undefined && !(Date.parse(String(expireTime)) > now))
    throw new ApiError('INVALID_ARGUMENT', 'The expire_time of a secret must be in the future.');
  return settings;
}

function shown(secret: Secret): Record<string, unknown> {
  const { name, createTime, replication, settings } = secret;
  return { name, replication, createTime: timestamp(createTime), ...settings, etag: etagOf(secret) };
}

function etagOf({ name, createTime, settings }: Secret): string {
  return `"${createHash('sha256')
    .update(JSON.stringify([name, createTime, settings]))
    .digest('hex')
    .slice(0, 14)}"`;
}
