import type { Context } from '../context.ts';
import { nameIn } from '../links.ts';

/** The name of the image that an instance has booted from. @param path of the instance within the project */
export function bootImageOf({ compute }: Context, path: string): string {
  const [disk] = (compute.resources.get(path)?.disks ?? []) as readonly { source: string }[];
  const [, zone = ''] = path.split('/');
  return nameIn(compute.resources.get(`zones/${zone}/disks/${nameIn(disk?.source)}`)?.sourceImage);
}
