import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { alreadyExists, badRequest, invalid } from '../errors.ts';
import { guarded } from '../guarded.ts';
import { nameIn } from '../links.ts';
import { listed } from '../listing/listed.ts';
import { operate } from '../operations/operate.ts';
import { KINDS } from '../resources/kinds.ts';
import { change, checkName, resourceOf } from '../resources/resource.ts';
import { groupOf } from './group-of.ts';
import { shownError, shownMember } from './shown.ts';
import type { Action, GroupView, Member } from './types.ts';

const UPDATE = 'compute.instanceGroupManagers.update';
const GET = 'compute.instanceGroupManagers.get';

interface Named {
  readonly instances?: readonly string[];
  readonly allInstances?: boolean;
  readonly minimalAction?: Action;
}

/** What is done with some instances of a group. @param manager template of its path */
export function instanceRoutes(manager: string): readonly Route<Context>[] {
  return [
    guarded('POST', `${manager}/listManagedInstances`, GET, (call, cloud) => {
      const group = calledGroup(call, cloud);
      const all = group.members.map((member) => shownMember(cloud, group, member));
      const { items = [], nextPageToken } = listed(call, '', all).body as {
        items?: unknown[];
        nextPageToken?: string;
      };
      return {
        body: {
          ...(items.length > 0 && { managedInstances: items }),
          ...(nextPageToken && { nextPageToken }),
        },
      };
    }),
    guarded('GET', `${manager}/listErrors`, GET, (call, cloud) => {
      const all = calledGroup(call, cloud).errors.map((error) => shownError(cloud, error));
      const { items = [], nextPageToken } = listed(call, '', all).body as {
        items?: unknown[];
        nextPageToken?: string;
      };
      return { body: { ...(items.length > 0 && { items }), ...(nextPageToken && { nextPageToken }) } };
    }),
    guarded('POST', `${manager}/recreateInstances`, UPDATE, (call, cloud) =>
      asking(call, cloud, 'recreateInstances', (member) => {
        member.asked = 'REPLACE';
      }),
    ),
    guarded('POST', `${manager}/applyUpdatesToInstances`, UPDATE, (call, cloud) => {
      const { minimalAction = 'REPLACE' } = json<Named>(call);
      return asking(call, cloud, 'applyUpdatesToInstances', (member) => {
        member.asked = minimalAction;
      });
    }),
    guarded('POST', `${manager}/deleteInstances`, UPDATE, (call, cloud) =>
      asking(call, cloud, 'deleteInstances', (member, group) => {
        resizeBy(call, cloud, -1);
        group.delete(member);
      }),
    ),
    guarded('POST', `${manager}/createInstances`, UPDATE, create),
  ];
}

/** Asks for something to be done with the instances that are named. */
function asking(
  call: Call,
  cloud: Context,
  type: string,
  ask: (member: Member, group: GroupView) => void,
): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.manager);
  const group = calledGroup(call, cloud);
  const { instances = [], allInstances = false } = json<Named>(call);
  const named = allInstances ? group.members : instances.map((link) => memberOf(group, link));
  if (named.length === 0) throw invalid('instances', '', 'At least one instance must be specified.');
  const work = () => {
    for (const member of [...named]) ask(member, group);
    group.tend();
  };
  return operate(call, cloud, {
    type: `compute.instanceGroupManagers.${type}`,
    target: path,
    targetId: resource.id,
    work,
  });
}

function create(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.manager);
  const group = calledGroup(call, cloud);
  const { instances = [] } = json<{ instances?: readonly { name?: string }[] }>(call);
  const names = instances.map(({ name }, index) => checkName(name, `instances[${index}].name`));
  for (const name of names)
    if (group.members.some((member) => member.name === name))
      throw alreadyExists(`projects/${cloud.project.id}/${path}/${name}`);
  const work = () => {
    const [version] = group.manager.versions;
    for (const name of names) {
      resizeBy(call, cloud, 1);
      if (version) group.create(name, version.instanceTemplate, version.name);
    }
    group.tend();
  };
  return operate(call, cloud, {
    type: 'compute.instanceGroupManagers.createInstances',
    target: path,
    targetId: resource.id,
    work,
  });
}

function resizeBy(call: Call, cloud: Context, more: number): void {
  const { path, resource } = resourceOf(call, cloud, KINDS.manager);
  change(cloud, path, { targetSize: Number(resource.targetSize) + more });
}

function calledGroup(call: Call, cloud: Context): GroupView {
  const { path } = resourceOf(call, cloud, KINDS.manager);
  return groupOf(cloud, path);
}

function memberOf({ members, manager }: GroupView, link: string): Member {
  const member = members.find(({ name }) => name === nameIn(link));
  if (member) return member;
  throw badRequest(
    `Instance '${link}' is not a member of the instance group manager '${manager.name}'.`,
    'invalid',
    'INVALID_ARGUMENT',
  );
}
