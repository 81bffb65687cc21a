import { type Contracts, service } from '../contracts.ts';
import type { Platform } from '../kernel/service/platform.ts';
import { flyImages } from './apps/images.ts';
import { flyFront } from './containers/by-name.ts';
import { FlyPlane } from './containers/plane.ts';
import type { FlyStates } from './context.ts';
import { restoreFly, resumeFly, saveFly } from './keeping.ts';
import { flyRoutes } from './routes.ts';
import { flyProvider, seedFly } from './seed.ts';
import { FLY_ISSUER } from './sign-in/oidc.ts';
import { FlyState } from './state.ts';

/** Fly.io: the Machines API, GraphQL, the rest of api.fly.io, and the machines themselves. */
export const fly = service({
  name: 'api.machines.dev',
  title: 'Fly.io',
  hosts: ['api.fly.io', 'app.fly.io', 'oidc.fly.io'],
  prefix: undefined,
  issuer: { issuer: FLY_ISSUER, below: true },
  needs: ['pools', 'repositories'],
  state(context: Platform & Pick<Contracts, 'repositories'>): FlyStates {
    const { clock, origin, dockerHost, listening, ports, simulateMachines, report } = context;
    const fly = new FlyState(clock);
    const surroundings = {
      ...{ clock, origin, listening, ports, fly, report },
      // Not there yet: services are connected once all are made.
      get repositories() {
        return context.repositories;
      },
    };
    return { fly, flyPlane: new FlyPlane(surroundings, dockerHost, simulateMachines) };
  },
  provides: ({ fly }) => ({ imageHomes: [flyImages(fly)], webFronts: [flyFront(fly)] }),
  routes: flyRoutes,
  seed: (context, bare) => (bare ? undefined : seedFly(context)),
  env: ({ origin, project }) => ({
    // One server answers for all of Fly.io.
    FLY_API_BASE_URL: origin,
    FLY_UIEX_BASE_URL: origin,
    FLY_FLAPS_BASE_URL: origin,
    FLY_REGISTRY_HOST: new URL(origin).host,
    FLY_SEND_METRICS: '0',
    // A remote builder is reached by its private address, without a tunnel.
    FLY_REMOTE_BUILDER_HOST_WG: '1',
    GANGWAY_FLY_WORKLOAD_IDENTITY_PROVIDER: flyProvider({ project }, { slug: 'personal' }),
  }),
  save: saveFly,
  restore: restoreFly,
  resume: resumeFly,
  stop: ({ flyPlane }) => flyPlane.close(),
  remains: ({ flyPlane }) => flyPlane.remains,
});
