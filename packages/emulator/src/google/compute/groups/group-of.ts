import type { Context } from '../context.ts';
import { Group } from './group.ts';
import type { GroupView } from './types.ts';

/** The group of a manager. @param path of the manager, e.g. `zones/us-west1-a/instanceGroupManagers/web` */
export function groupOf(cloud: Context, path: string): GroupView {
  const known = cloud.groups.get(path);
  if (known) return known;
  const group = new Group(cloud, path);
  cloud.groups.add(path, group);
  return group;
}
