import type { Context as ContextOf, FleetMember } from '../../contracts.ts';
import { timestamp } from '../../kernel/clock.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import { listed } from '../../kernel/resources/listing.ts';

const API = 'gkehub.googleapis.com';

type Context = ContextOf<Record<never, never>, 'iam' | 'clusterAccess'>;

/** Which clusters are in the fleet of the project. */
export const membershipRoutes: readonly Route<Context>[] = [
  asked('/v1/projects/{project}/locations/{location}/memberships', 'list', list),
  asked('/v1/projects/{project}/locations/{location}/memberships/{membership}', 'get', get),
];

function asked(template: string, verb: string, handler: Handler<Context>): Route<Context> {
  return route('GET', template, { api: API, permission: `gkehub.memberships.${verb}` }, handler);
}

function list(call: Call, { clusterAccess, project }: Context): Reply {
  const { location = '-' } = call.params;
  const members = clusterAccess
    .members()
    .filter(({ membership }) => location === '-' || membership.startsWith(`locations/${location}/`));
  return listed(
    call,
    'resources',
    members.map((one) => shown(one, project.id)),
  );
}

function get(
  { params: { location = '', membership = '' } }: Call,
  { clusterAccess, project }: Context,
): Reply {
  const name = `locations/${location}/memberships/${membership}`;
  const found = clusterAccess.members().find((one) => one.membership === name);
  if (found) return { body: shown(found, project.id) };
  throw notFound(`projects/${project.id}/${name}`);
}

function shown(member: FleetMember, project: string): Record<string, unknown> {
  const { name, location, membership, uniqueId, createTime } = member;
  const resourceLink = `//container.googleapis.com/projects/${project}/locations/${location}/clusters/${name}`;
  return {
    name: `projects/${project}/${membership}`,
    endpoint: { gkeCluster: { resourceLink } },
    state: { code: 'READY' },
    uniqueId,
    createTime: timestamp(createTime),
    updateTime: timestamp(createTime),
  };
}
