import { requireCaller } from '../../../kernel/access.ts';
import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../../kernel/http/route.ts';
import { fieldsToChange, putField, topOf } from '../../../kernel/resources/mask.ts';
import { page } from '../../../kernel/resources/page.ts';
import type { Context } from '../context.ts';
import { type CustomRole, etagOf } from './custom-roles.ts';
import { serviceOf } from './permissions.ts';

type RoleBody = Partial<Pick<CustomRole, (typeof MUTABLE)[number]>> & { readonly etag?: string };

const API = 'iam.googleapis.com';
const ROLES = '/v1/projects/{project}/roles';
const ROLE = `${ROLES}/{role}`;
const MUTABLE = ['title', 'description', 'includedPermissions', 'stage'] as const;
const STAGES = ['ALPHA', 'BETA', 'GA', 'DEPRECATED', 'DISABLED', 'EAP'];
const LARGEST_PAGE = 1000;

/** Custom roles of the project, and the predefined ones to look at (https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles). */
export const iamRoleRoutes: readonly Route<Context>[] = [
  guarded('GET', ROLES, 'list', list),
  guarded('POST', ROLES, 'create', create),
  guarded('GET', ROLE, 'get', (call, cloud) => ({ body: shown(roleOf(call, cloud)) })),
  guarded('PATCH', ROLE, 'update', update),
  guarded('DELETE', ROLE, 'delete', (call, cloud) => mark(call, cloud, true)),
  guarded('POST', `${ROLE}:undelete`, 'undelete', (call, cloud) => mark(call, cloud, false)),
  route('GET', '/v1/roles', undefined, listPredefined),
  route('POST', '/v1/roles:queryGrantableRoles', undefined, queryGrantable),
  route('GET', '/v1/roles/{role}', undefined, getPredefined),
  route('POST', '/v1/permissions:queryTestablePermissions', undefined, queryTestable),
];

function guarded(method: string, template: string, verb: string, handler: Handler<Context>): Route<Context> {
  return route(
    method,
    template,
    { api: API, permission: `iam.roles.${verb}`, on: 'projects/{project}' },
    handler,
  );
}

function list(call: Call, cloud: Context): Reply {
  const deleted = call.query.get('showDeleted') === 'true';
  const full = call.query.get('view') === 'FULL';
  const roles = cloud.iam.customRoles.list().filter((role) => deleted || !role.deleted);
  return { body: roles.length > 0 ? { roles: roles.map((role) => shown(role, full)) } : {} };
}

function create(call: Call, cloud: Context): Reply {
  const { roleId = '', role = {} } = json<{ roleId?: string; role?: RoleBody }>(call);
  if (!/^[a-zA-Z0-9_.]{3,64}$/.test(roleId))
    throw new ApiError(
      'INVALID_ARGUMENT',
      `The role_id field must be 3 to 64 letters, digits, underscores and periods, and is '${roleId}'.`,
    );
  check(role, cloud);
  const { title = '', description = '', includedPermissions = [], stage = 'ALPHA' } = role;
  const made = {
    name: `projects/${cloud.project.id}/roles/${roleId}`,
    title,
    description,
    includedPermissions: [...new Set(includedPermissions)].sort(),
    stage,
    deleted: false,
  };
  cloud.iam.customRoles.add(made);
  return { body: shown(made) };
}

function update(call: Call, cloud: Context): Reply {
  const role = roleOf(call, cloud);
  const { etag, ...body } = json<RoleBody>(call);
  if (etag && !Buffer.from(etag, 'base64').equals(Buffer.from(etagOf(role), 'base64')))
    throw new ApiError('ABORTED', `There were concurrent updates of the role named ${role.name}.`);
  if (role.deleted)
    throw new ApiError('FAILED_PRECONDITION', `The role named ${role.name} is marked for deletion.`);
  const fields = fieldsToChange(call.query.get('updateMask'), body, MUTABLE).map(topOf);
  const wanted = Object.fromEntries(fields.flatMap((field) => (field in body ? [[field, body[field]]] : [])));
  check(wanted, cloud);
  // What the mask names and the body leaves out is cleared; ALPHA is the stage of a role that says none.
  const { title = '', description = '', stage = 'ALPHA', includedPermissions = [] } = wanted as RoleBody;
  const after = { title, description, stage, includedPermissions: [...new Set(includedPermissions)].sort() };
  for (const field of fields) putField(after, role, field);
  return { body: shown(role) };
}

function mark(call: Call, cloud: Context, deleted: boolean): Reply {
  const role = roleOf(call, cloud);
  role.deleted = deleted;
  return { body: shown(role) };
}

function listPredefined(call: Call, cloud: Context): Reply {
  requireCaller(call, cloud, API);
  const { roles } = cloud.iamAdmin;
  const full = call.query.get('view') === 'FULL';
  const all = roles.names.map((name) =>
    full ? shownPredefined(name, cloud) : { name, title: roles.titleOf(name), stage: 'GA' },
  );
  const { items, nextPageToken } = page(call, all, LARGEST_PAGE, 300);
  return { body: { roles: items, ...(nextPageToken && { nextPageToken }) } };
}

function getPredefined(call: Call, cloud: Context): Reply {
  requireCaller(call, cloud, API);
  const name = `roles/${call.params.role}`;
  if (!cloud.iamAdmin.roles.exists(name))
    throw new ApiError('NOT_FOUND', `The role named ${name} was not found.`);
  return { body: shownPredefined(name, cloud) };
}

function shownPredefined(
  name: string,
  { iamAdmin: { roles, permissions } }: Context,
): Record<string, unknown> {
  const includedPermissions = permissions.all.filter((permission) => roles.holds(name, permission));
  return {
    name,
    title: roles.titleOf(name),
    ...(includedPermissions.length > 0 && { includedPermissions }),
    stage: 'GA',
    etag: 'AA==',
  };
}

/** The predefined roles that a policy of a resource may hold, by its full name: `//run.googleapis.com/projects/p/locations/l/services/s`. */
function queryGrantable(call: Call, cloud: Context): Reply {
  requireCaller(call, cloud, API);
  const body = json<{ fullResourceName?: string; pageSize?: number; pageToken?: string; view?: string }>(
    call,
  );
  const [, api = '', path = ''] =
    /^\/\/([a-z]+)\.googleapis\.com\/(projects\/[^/]+(?:\/.*)?)$/.exec(body.fullResourceName ?? '') ?? [];
  if (!path)
    throw new ApiError('INVALID_ARGUMENT', `Invalid full resource name: '${body.fullResourceName ?? ''}'`);
  const { roles } = cloud.iamAdmin;
  const prefix = api === 'iam' ? 'iam.serviceAccount' : `${api}.`;
  const fits = (name: string) => api === 'cloudresourcemanager' || roles.holdsAnyOf(name, prefix);
  const all = roles.names.filter(fits).map((name) => ({ name, title: roles.titleOf(name), stage: 'GA' }));
  const query = new URLSearchParams({
    pageSize: String(body.pageSize ?? 0),
    pageToken: body.pageToken ?? '',
  });
  const { items, nextPageToken } = page({ ...call, query }, all, LARGEST_PAGE, 300);
  return { body: { ...(items.length > 0 && { roles: items }), ...(nextPageToken && { nextPageToken }) } };
}

/** What a custom role of the project may hold; gcloud warns of what is of an API that is off. */
function queryTestable(call: Call, cloud: Context): Reply {
  requireCaller(call, cloud, API);
  if (!json<{ fullResourceName?: string }>(call).fullResourceName)
    throw new ApiError('INVALID_ARGUMENT', 'The full resource name must be specified.');
  const { pageSize = 0, pageToken = '' } = json<{ pageSize?: number; pageToken?: string }>(call);
  const start = Number(pageToken) || 0;
  const end = start + Math.min(pageSize || LARGEST_PAGE, LARGEST_PAGE);
  const { all } = cloud.iamAdmin.permissions;
  const permissions = all.slice(start, end).map((name) => {
    const apiDisabled = !cloud.apis.isEnabled(API_OF[serviceOf(name)] ?? `${serviceOf(name)}.googleapis.com`);
    return { name, stage: 'GA', ...(apiDisabled && { apiDisabled }) };
  });
  return {
    body: { permissions, ...(end < all.length && { nextPageToken: String(end) }) },
  };
}

/** The APIs that are called otherwise than their permissions. */
const API_OF: Readonly<Record<string, string>> = { resourcemanager: 'cloudresourcemanager.googleapis.com' };

/** @throws ApiError INVALID_ARGUMENT */
function check(
  { includedPermissions = [], stage, title = '' }: RoleBody,
  { apis, iamAdmin: { permissions } }: Context,
): void {
  const wrong = includedPermissions.find((permission) => !permissions.has(permission, apis));
  if (wrong !== undefined) throw new ApiError('INVALID_ARGUMENT', `Permission ${wrong} is not valid.`);
  if (stage !== undefined && !STAGES.includes(stage))
    throw new ApiError('INVALID_ARGUMENT', `Invalid value at 'role.stage': "${stage}"`);
  if (title.length > 100)
    throw new ApiError('INVALID_ARGUMENT', 'The title of a role must be at most 100 characters long.');
}

function roleOf(call: Call, cloud: Context): CustomRole {
  return cloud.iam.customRoles.get(`projects/${cloud.project.id}/roles/${call.params.role}`);
}

function shown(role: CustomRole, full = true): Record<string, unknown> {
  const { name, title, description, includedPermissions, stage, deleted } = role;
  return {
    name,
    ...(title && { title }),
    ...(description && { description }),
    ...(full && includedPermissions.length > 0 && { includedPermissions }),
    stage,
    etag: etagOf(role),
    ...(deleted && { deleted }),
  };
}
