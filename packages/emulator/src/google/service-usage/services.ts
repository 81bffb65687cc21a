import { randomUUID } from 'node:crypto';
import { requireCaller } from '../../kernel/access.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
import { page } from '../../kernel/resources/page.ts';
import type { Context } from './context.ts';
import { denied, unavailable } from './errors.ts';

const API = 'serviceusage.googleapis.com';
const TYPE = 'type.googleapis.com/google.api.serviceusage.v1';
const SERVICES = '/v1/projects/{project}/services';
const LARGEST_PAGE = 200;
const LARGEST_READ = 30;
const LARGEST_WRITE = 20;

/** The Service Usage API v1 (https://cloud.google.com/service-usage/docs/reference/rest). */
export const serviceUsageRoutes: readonly Route<Context>[] = [
  route('GET', SERVICES, undefined, list),
  route('GET', `${SERVICES}:batchGet`, undefined, batchGet),
  route('POST', `${SERVICES}:batchEnable`, undefined, batchEnable),
  route('GET', `${SERVICES}/{service}`, undefined, get),
  route('POST', `${SERVICES}/{service}:enable`, undefined, enable),
  route('POST', `${SERVICES}/{service}:disable`, undefined, disable),
];

function list(call: Call, cloud: Context): Reply {
  require(call, cloud, 'list', `list services for consumer container [projects/${cloud.project.number}]`);
  const filter = /^(?:state:(ENABLED|DISABLED))?$/.exec(call.query.get('filter') ?? '');
  if (!filter) throw new ApiError('INVALID_ARGUMENT', 'The filter must be state:ENABLED or state:DISABLED.');
  const all = [...cloud.serviceUsage.apis.keys(), ...cloud.serviceUsage.managed.keys()]
    .sort()
    .map((name) => shown(cloud, name))
    .filter(({ state }) => !filter[1] || state === filter[1]);
  const { items, nextPageToken } = page(call, all, LARGEST_PAGE, 50);
  return { body: { services: items, ...(nextPageToken && { nextPageToken }) } };
}

function get(call: Call, cloud: Context): Reply {
  const name = call.params.service ?? '';
  require(call, cloud, 'get', `get service [${name}]`);
  requireKnown(cloud, [name]);
  return { body: shown(cloud, name) };
}

function batchGet(call: Call, cloud: Context): Reply {
  const names = call.query.getAll('names').map((name) => name.replace(/^projects\/[^/]+\/services\//, ''));
  require(call, cloud, 'get', `get service [${names.join(', ')}]`);
  requireSize('names', names, LARGEST_READ);
  requireKnown(cloud, names);
  return { body: { services: names.map((name) => shown(cloud, name)) } };
}

function enable(call: Call, cloud: Context): Reply {
  const name = call.params.service ?? '';
  return turnOn(call, cloud, [name], () => ({
    '@type': `${TYPE}.EnableServiceResponse`,
    service: shown(cloud, name),
  }));
}

function batchEnable(call: Call, cloud: Context): Reply {
  requireCaller(call, cloud, API);
  const { serviceIds: names = [] } = json<{ serviceIds?: string[] }>(call);
  requireSize('service_ids', names, LARGEST_WRITE);
  return turnOn(call, cloud, names, () => ({
    '@type': `${TYPE}.BatchEnableServicesResponse`,
    services: names.map((name) => shown(cloud, name)),
  }));
}

function turnOn(
  call: Call,
  cloud: Context,
  names: readonly string[],
  response: () => Record<string, unknown>,
): Reply {
  require(call, cloud, 'enable', `enable service [${names.join(', ')}]`);
  requireKnown(cloud, names);
  requireBindable(call, cloud, names);
  if (names.every((name) => cloud.serviceUsage.enabled.has(name))) return done(response());
  return started(cloud, () => {
    for (const name of names) cloud.serviceUsage.enabled.add(name);
    return response();
  });
}

function disable(call: Call, cloud: Context): Reply {
  const name = call.params.service ?? '';
  require(call, cloud, 'disable', `disable service [${name}]`);
  requireKnown(cloud, [name]);
  const response = () => ({ '@type': `${TYPE}.DisableServiceResponse`, service: shown(cloud, name) });
  if (!cloud.serviceUsage.enabled.has(name)) return done(response());
  return started(cloud, () => {
    cloud.serviceUsage.enabled.delete(name);
    return response();
  });
}

/** What needs no work is done at once, under a name that all such operations share. */
function done(response: Record<string, unknown>): Reply {
  return { body: { name: 'operations/noop.DONE_OPERATION', done: true, response } };
}

function started(cloud: Context, work: () => Record<string, unknown>): Reply {
  const name = `operations/acat.p2-${cloud.project.number}-${randomUUID()}`;
  return { body: cloud.operations.start({ name, permission: 'serviceusage.operations.get', work }) };
}

/** The service as the API shows it: whatever the request said, by the project's number. */
function shown(cloud: Context, name: string): { state: string } & Record<string, unknown> {
  const parent = `projects/${cloud.project.number}`;
  return {
    name: `${parent}/services/${name}`,
    config: { name, title: cloud.serviceUsage.managed.get(name) ?? cloud.serviceUsage.titleOf(name) },
    state: cloud.serviceUsage.enabled.has(name) ? 'ENABLED' : 'DISABLED',
    parent,
  };
}

/** @param action what the refusal says was denied */
function require(
  call: Call,
  cloud: Context,
  verb: 'get' | 'list' | 'enable' | 'disable',
  action: string,
): void {
  const principal = requireCaller(call, cloud, API);
  const { id, number } = cloud.project;
  const project = call.params.project === number ? id : (call.params.project ?? '');
  const permission = `serviceusage.services.${verb}`;
  if (cloud.iam.allows(principal, permission, `projects/${project}`)) return;
  throw denied(action, permission, `projects/${project}`);
}

function requireKnown(cloud: Context, names: readonly string[]): void {
  const unknown = names.filter(
    (name) => !cloud.serviceUsage.apis.has(name) && !cloud.serviceUsage.managed.has(name),
  );
  if (unknown.length > 0) throw unavailable(unknown);
}

/** Enabling a managed service makes the project its consumer, which its producer must have allowed. */
function requireBindable(call: Call, cloud: Context, names: readonly string[]): void {
  const bindable = cloud.iam.allows(
    call.principal,
    'servicemanagement.services.bind',
    `projects/${cloud.project.id}`,
  );
  const managed = names.filter((name) => cloud.serviceUsage.managed.has(name));
  if (!bindable && managed.length > 0) throw unavailable(managed);
}

function requireSize(field: string, names: readonly string[], most: number): void {
  if (names.length === 0)
    throw new ApiError('INVALID_ARGUMENT', `The request must name at least one service in ${field}.`);
  if (names.length > most)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `The request names ${names.length} services in ${field}; at most ${most} are allowed.`,
    );
}
