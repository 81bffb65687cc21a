import { verifyMachines } from '@gangway/fly';
import type { Work } from '../work.ts';
import type { Release } from './deploy.ts';
import { type Rolled, wantedGroups, webAddress } from './roll-out.ts';

/** The app as it stands, if it was deployed just so and is well: then there is nothing to do. */
export async function lookAgain(work: Work, release: Release | undefined): Promise<Rolled | undefined> {
  if (!release) return undefined;
  const { fly, app, image, before, inputs } = work;
  const wanted = { digests: image.digests, release: release.id, groups: wantedGroups(work), before };
  const { within } = inputs.options;
  const { machines, findings } = await verifyMachines(fly, app, wanted, { timeout: 0, within });
  if (findings.length > 0) return undefined;
  return { machines, release, url: await webAddress(work, machines), status: undefined };
}
