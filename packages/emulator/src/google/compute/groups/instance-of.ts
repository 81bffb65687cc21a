import type { Context } from '../context.ts';
import type { Asked } from '../instances/blueprint.ts';
import { nameIn, pathOf } from '../links.ts';
import { requireResource } from '../resources/resource.ts';
import type { Manager, Member } from './types.ts';

/** What an instance of a group is made by: its template, and metadata that say whose it is. */
export function askedFor(cloud: Context, { selfLink }: Manager, { template, zone }: Member): Asked {
  const { machineType, metadata, ...properties } = propertiesOf(cloud, template);
  const { items = [] } = (metadata ?? {}) as { items?: readonly object[] };
  const numbered = (link: string) => link.replace(/^.*\/projects\/[^/]+/, `projects/${cloud.project.number}`);
  const more = [
    { key: 'instance-template', value: numbered(template) },
    { key: 'created-by', value: numbered(selfLink) },
  ];
  return {
    ...properties,
    machineType: `zones/${zone}/machineTypes/${machineType}`,
    metadata: { items: [...items, ...more] },
  };
}

/** What a template says. @throws ComputeError 404 */
export function propertiesOf(cloud: Context, template: string): Asked {
  const { path } = pathOf(template, cloud.project.id, 'instanceTemplate', 'global/instanceTemplates');
  return requireResource(cloud, path).properties as Asked;
}

/** The zone of a new instance: of a regional group, the one that has the fewest, unless all are to be in one. @param path of the manager */
export function zoneFor(path: string, { distributionPolicy }: Manager, members: readonly Member[]): string {
  const [, zone] = /^zones\/([^/]+)/.exec(path) ?? [];
  const zones = zone ? [zone] : (distributionPolicy?.zones ?? []).map((one) => nameIn(one.zone));
  const count = (one: string) =>
    members.filter((member) => member.zone === one && member.state !== 'DELETING').length;
  // What is to be in one zone stays in that of the first.
  if (distributionPolicy?.targetShape === 'ANY_SINGLE_ZONE') return members[0]?.zone ?? zones[0] ?? '';
  return zones.toSorted((one, other) => count(one) - count(other))[0] ?? '';
}

/** In whose name a group makes its instances (https://cloud.google.com/iam/docs/service-agents). */
export function agentOf({ project }: Context): string {
  return `${project.number}@cloudservices.gserviceaccount.com`;
}
