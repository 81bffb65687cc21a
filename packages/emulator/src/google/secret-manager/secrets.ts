import { requireCaller } from '../../kernel/access.ts';
import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import { locationsReply, REGIONS } from '../../kernel/resources/locations.ts';
import { policyRoutes } from '../allow-policies/routes.ts';
import type { Context } from './context.ts';
import { crc32c } from './crc32c.ts';
import { type Secret, versionNumber } from './state.ts';

const API = 'secretmanager.googleapis.com';
const SECRETS = '/v1/projects/{project}/secrets';
const SECRET = `${SECRETS}/{secret}`;
const MAX_BYTES = 65_536;

/** The part of the Secret Manager API v1 that keeps and gives out values (https://cloud.google.com/secret-manager/docs/reference/rest). */
export const secretManagerRoutes: readonly Route<Context>[] = [
  guarded('GET', '/v1/projects/{project}/locations', 'locations.list', (_, cloud) =>
    locationsReply(cloud, REGIONS),
  ),
  guarded('POST', SECRETS, 'secrets.create', create),
  guarded('GET', SECRET, 'secrets.get', get),
  ...policyRoutes<Context>(SECRET, {
    api: API,
    kind: 'secretmanager.secrets',
    guarded: (method, template, permission, handler) =>
      guarded(method, template, permission.replace(/^secretmanager\./, ''), handler),
    nameOf: ({ params: { secret } }, { project }) => `projects/${project.id}/secrets/${secret}`,
    requireThere: (call, cloud) => void secretOf(call, cloud),
    named: (name, { project }) => name.replace(project.id, project.number),
  }),
  guarded('POST', `${SECRET}:addVersion`, 'versions.add', addVersion),
  guarded('GET', `${SECRET}/versions/{version}:access`, 'versions.access', access),
];

/** A refusal does not tell whether there is such a secret. */
function guarded(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  return route(method, template, undefined, (call, cloud) => {
    const caller = requireCaller(call, cloud, API);
    const { id, number } = cloud.project;
    const { project = id, secret, version } = call.params;
    const below = `${secret ? `/secrets/${secret}` : ''}${version ? `/versions/${version}` : ''}`;
    const resource = `projects/${project === number ? id : project}${below}`;
    // Conditions see secrets by the project's number: https://cloud.google.com/secret-manager/docs/access-control
    const named = resource.replace(`projects/${id}`, `projects/${number}`);
    if (!cloud.iam.allows(caller, `secretmanager.${permission}`, resource, named))
      throw new ApiError(
        'PERMISSION_DENIED',
        `Permission 'secretmanager.${permission}' denied for resource '${resource}' (or it may not exist).`,
      );
    return handler(call, cloud);
  });
}

function create(call: Call, cloud: Context): Reply {
  const id = call.query.get('secretId') ?? '';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(id))
    throw new ApiError(
      'INVALID_ARGUMENT',
      'The provided Secret ID does not match the expected format [[a-zA-Z_0-9]+].',
    );
  const { replication } = json<{ replication?: unknown }>(call);
  if (!replication) throw new ApiError('INVALID_ARGUMENT', 'Secret.replication is a required field.');
  const name = `projects/${cloud.project.number}/secrets/${id}`;
  if (cloud.secretManager.secrets.has(id))
    throw new ApiError('ALREADY_EXISTS', `Secret [${name}] already exists.`);
  const secret = { name, createTime: cloud.clock.now(), replication, versions: [] };
  cloud.secretManager.secrets.set(id, secret);
  return { body: shown(secret) };
}

function get(call: Call, cloud: Context): Reply {
  return { body: shown(secretOf(call, cloud)) };
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
  const createTime = cloud.clock.now();
  secret.versions.push({ createTime, data });
  return {
    body: {
      name: `${secret.name}/versions/${secret.versions.length}`,
      createTime: timestamp(createTime),
      state: 'ENABLED',
      clientSpecifiedPayloadChecksum: dataCrc32c !== undefined,
    },
  };
}

function access(call: Call, cloud: Context): Reply {
  const secret = secretOf(call, cloud);
  const { version = '' } = call.params;
  const number = versionNumber(secret, version);
  const found = secret.versions[number - 1];
  if (!found)
    throw new ApiError(
      'NOT_FOUND',
      `Secret Version [${secret.name}/versions/${version}] not found or has no versions.`,
    );
  const { data } = found;
  const dataCrc32c = String(crc32c(Buffer.from(data, 'base64')));
  return { body: { name: `${secret.name}/versions/${number}`, payload: { data, dataCrc32c } } };
}

function secretOf({ params: { secret: id = '' } }: Call, { project, secretManager }: Context): Secret {
  const secret = secretManager.secrets.get(id);
  if (!secret)
    throw new ApiError('NOT_FOUND', `Secret [projects/${project.number}/secrets/${id}] not found.`);
  return secret;
}

function shown({ name, createTime, replication }: Secret): Record<string, unknown> {
  return { name, replication, createTime: timestamp(createTime) };
}
