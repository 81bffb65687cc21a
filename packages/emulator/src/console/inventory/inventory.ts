import type { View } from '../view.ts';
import { accessIn } from './access.ts';
import { appsIn } from './apps.ts';
import { gatewaysIn } from './gateways.ts';
import { repositoriesIn } from './images.ts';
import { jobsIn, servicesIn, workerPoolsIn } from './run.ts';

/** Everything that was deployed, and who may do what, as a person looks for it. There is no value of a secret in it, and no key. */
export function inventoryOf(view: View) {
  const { origin, project, clock } = view;
  return {
    origin,
    project: project.id,
    projectNumber: project.number,
    now: clock.now(),
    services: servicesIn(view),
    jobs: jobsIn(view),
    workerPools: workerPoolsIn(view),
    gateways: gatewaysIn(view),
    repositories: repositoriesIn(view),
    apps: appsIn(view),
    ...accessIn(view),
  };
}
