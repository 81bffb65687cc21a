import { randomUUID } from 'node:crypto';
import { requireCaller } from '../../kernel/access.ts';
import { ApiError, alreadyExists, notFound } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import { fieldsToChange, topOf } from '../../kernel/resources/mask.ts';
import type { Context } from './context.ts';
import { checkRestrictions, type Restrictions } from './restrictions.ts';
import { type ApiKey, etagOf, newKeyString, shownKey } from './state.ts';

interface KeyBody {
  readonly displayName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly restrictions?: Restrictions;
  readonly etag?: string;
}

const API = 'apikeys.googleapis.com';
const KEYS = '/v2/projects/{project}/locations/global/keys';
const KEY = `${KEYS}/{key}`;
const MUTABLE = ['displayName', 'restrictions', 'annotations'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The API Keys API v2 (https://cloud.google.com/api-keys/docs/reference/rest). */
export const apiKeysRoutes: readonly Route<Context>[] = [
  guarded('GET', '/v2/keys:lookupKey', 'lookup', lookUp),
  guarded('GET', KEYS, 'list', list),
  guarded('POST', KEYS, 'create', create),
  guarded('GET', KEY, 'get', get),
  guarded('GET', `${KEY}/keyString`, 'getKeyString', getKeyString),
  guarded('PATCH', KEY, 'update', update),
  guarded('DELETE', KEY, 'delete', remove),
  guarded('POST', `${KEY}:undelete`, 'undelete', undelete),
];

/** Keys lie in the project as a whole; the path may have its number. */
function guarded(method: string, template: string, verb: string, handler: Handler<Context>): Route<Context> {
  return route(method, template, undefined, (call, cloud) => {
    const caller = requireCaller(call, cloud, API);
    const { id, number } = cloud.project;
    const project = call.params.project ?? id;
    cloud.iam.require(caller, `apikeys.keys.${verb}`, `projects/${project === number ? id : project}`);
    return handler(call, cloud);
  });
}

function create(call: Call, cloud: Context): Reply {
  const now = cloud.clock.now();
  const body = json<KeyBody>(call);
  const id = keyId(call.query.get('keyId'));
  const name = `${parentOf(cloud)}/keys/${id}`;
  if (cloud.apiKeys.find(name, now)) throw alreadyExists(name);
  checkBody(body);
  const key: ApiKey = {
    name,
    uid: randomUUID(),
    keyString: newKeyString(),
    createTime: now,
    updateTime: now,
    deleteTime: undefined,
    displayName: body.displayName ?? '',
    annotations: body.annotations ?? {},
    restrictions: body.restrictions,
  };
  cloud.apiKeys.add(key);
  return operation(cloud, () => ({ ...shownKey(key), keyString: key.keyString }));
}

function get(call: Call, cloud: Context): Reply {
  return { body: shownKey(keyOf(call, cloud)) };
}

function getKeyString(call: Call, cloud: Context): Reply {
  return { body: { keyString: keyOf(call, cloud).keyString } };
}

function list(call: Call, cloud: Context): Reply {
  const deleted = call.query.get('showDeleted') === 'true';
  const keys = cloud.apiKeys
    .list(cloud.clock.now())
    .filter(({ deleteTime }) => deleted || deleteTime === undefined);
  const size = Number(call.query.get('pageSize')) || 300;
  const start = Number(call.query.get('pageToken')) || 0;
  const page = keys.slice(start, start + size).map(shownKey);
  const more = start + size < keys.length;
  return {
    body: { ...(page.length > 0 && { keys: page }), ...(more && { nextPageToken: String(start + size) }) },
  };
}

function update(call: Call, cloud: Context): Reply {
  const key = liveKeyOf(call, cloud);
  const body = json<KeyBody>(call);
  checkEtag(key, body.etag);
  checkBody(body);
  const fields = fieldsToChange(call.query.get('updateMask'), body, MUTABLE).map(topOf);
  return operation(cloud, () => {
    checkEtag(key, body.etag);
    if (fields.includes('displayName')) key.displayName = body.displayName ?? '';
    if (fields.includes('annotations')) key.annotations = body.annotations ?? {};
    if (fields.includes('restrictions')) key.restrictions = body.restrictions;
    key.updateTime = cloud.clock.now();
    return shownKey(key);
  });
}

function remove(call: Call, cloud: Context): Reply {
  const key = liveKeyOf(call, cloud);
  checkEtag(key, call.query.get('etag') ?? undefined);
  key.deleteTime = cloud.clock.now();
  return operation(cloud, () => shownKey(key));
}

function undelete(call: Call, cloud: Context): Reply {
  const key = keyOf(call, cloud);
  if (key.deleteTime === undefined)
    throw new ApiError('FAILED_PRECONDITION', `Key '${key.name}' is not deleted.`);
  key.deleteTime = undefined;
  return operation(cloud, () => shownKey(key));
}

function lookUp(call: Call, cloud: Context): Reply {
  const key = cloud.apiKeys.findByKeyString(call.query.get('keyString') ?? '', cloud.clock.now());
  if (!key) throw new ApiError('NOT_FOUND', 'The requested API key was not found.');
  return { body: { parent: parentOf(cloud), name: key.name } };
}

function operation(cloud: Context, work: () => Record<string, unknown>): Reply {
  const { name } = cloud.operations.start({
    name: `operations/akmf.p7-${cloud.project.number}-${randomUUID()}`,
    // https://cloud.google.com/api-keys/docs/access-control
    permission: 'serviceusage.operations.get',
    work: () => ({ '@type': 'type.googleapis.com/google.api.apikeys.v2.Key', ...work() }),
  });
  return { body: { name } };
}

function parentOf({ project }: Context): string {
  return `projects/${project.number}/locations/global`;
}

function keyOf(call: Call, cloud: Context): ApiKey {
  const name = `${parentOf(cloud)}/keys/${call.params.key}`;
  const key = cloud.apiKeys.find(name, cloud.clock.now());
  if (!key) throw notFound(name);
  return key;
}

function liveKeyOf(call: Call, cloud: Context): ApiKey {
  const key = keyOf(call, cloud);
  if (key.deleteTime !== undefined)
    throw new ApiError('FAILED_PRECONDITION', `Key '${key.name}' is deleted.`);
  return key;
}

function keyId(given: string | null): string {
  if (!given) return randomUUID();
  if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(given) || UUID.test(given)) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid key id '${given}': it must match the regular expression [a-z]([a-z0-9-]{0,61}[a-z0-9])? and not be a UUID-like id.`,
    );
  }
  return given;
}

function checkBody({ displayName = '', restrictions }: KeyBody): void {
  if (displayName.length > 63)
    throw new ApiError('INVALID_ARGUMENT', 'The display name must be at most 63 characters long.');
  if (restrictions) checkRestrictions(restrictions);
}

function checkEtag(key: ApiKey, etag: string | undefined): void {
  if (etag && etag !== etagOf(key))
    throw new ApiError('ABORTED', 'The etag does not match the current etag of the key.');
}
