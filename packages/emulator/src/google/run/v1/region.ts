import type { ApiError } from '../../../kernel/errors.ts';
import type { Call } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { absent } from '../v2/path.ts';
import type { StoredService } from '../v2/state.ts';

/** The API v1 has no region in its paths: each region is a host, such as `us-central1-run.googleapis.com`. */
export function regionOf({ url, params }: Call): string | undefined {
  // Where the path has one after all, `-` is all of them.
  if (params.location && params.location !== '-') return params.location;
  return /^([a-z]+-[a-z]+\d+)-/.exec(url.hostname)?.[1];
}

/** The services of the region that is asked, or of all. */
export function inRegion(call: Call, cloud: Context): StoredService[] {
  const region = regionOf(call);
  return cloud.run.list(`projects/${cloud.project.id}/locations/${region ? `${region}/` : ''}`);
}

/** The error for what is not there. */
export function absentHere(call: Call, kind: 'SERVICE' | 'REVISION', id: string): ApiError {
  const params = { project: call.params.namespace ?? '', location: regionOf(call) ?? 'global' };
  return absent({ ...call, params }, kind, id);
}
