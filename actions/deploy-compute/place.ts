import { cancellation } from '@gangway/action';
import type { SignedIn } from '@gangway/auth';
import { type Compute, computeEngine } from '@gangway/compute';
import type { GoogleCloud } from '@gangway/google-cloud';
import type { Inputs } from './inputs.ts';

/** Where a step deploys, and by what calls. */
export interface Place {
  readonly compute: Compute;
  readonly cloud: GoogleCloud;
  readonly projectId: string;
  readonly universe: string;
  /** `zones/us-central1-a`, or `regions/us-central1` of a group that is spread over zones. */
  readonly home: string;
  /** `regions/us-central1` */
  readonly region: string;
  /** Milliseconds that are left of the step's time; a second at least, so that what was begun can be looked at. */
  left(): number;
}

export function placeOf({ cloud, projectId, credentials }: SignedIn, { location, timeout }: Inputs): Place {
  const end = performance.now() + timeout;
  return {
    compute: computeEngine(cloud, projectId, cancellation),
    cloud,
    projectId,
    universe: credentials.client.universeDomain,
    home: location.path,
    region: `regions/${location.region}`,
    left: () => Math.max(1000, end - performance.now()),
  };
}

/** Path of an instance below the project. */
export function instancePath({ home }: Pick<Place, 'home'>, name: string): string {
  return `${home}/instances/${name}`;
}
