import { ActionError, input, invalid, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, REFUSED_SIGN_IN, readGoogleInputs } from '@gangway/auth';
import { type ImageName, imageNameCure, parseImageName } from '@gangway/registry';
import { DECLARED } from './declared-inputs.ts';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly services: readonly string[];
  readonly jobs: readonly string[];
  readonly workerPools: readonly string[];
  /** Of the services, jobs and worker pools. */
  readonly regions: readonly string[];
  readonly api: string | undefined;
  readonly gateway: string | undefined;
  /** Of the gateway. */
  readonly locations: readonly string[];
  readonly keys: readonly string[];
  readonly images: readonly ImageName[];
  readonly dryRun: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

const SERVICE = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const GATEWAY = /^[a-z0-9][a-z0-9-]{0,62}$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;
const ID = 'write its id: lower-case letters, digits and dashes';

/**
 * @throws ActionError when no input names anything, for a name that Google would not take, and for a service or gateway without
 *   its region: what isn't named in full can't be taken down
 */
export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED_SIGN_IN);
  const services = checked('service', input.list('service'), SERVICE, ID);
  const jobs = checked('job', input.list('job'), SERVICE, ID);
  const workerPools = checked('worker_pool', input.list('worker_pool'), SERVICE, ID);
  const regions = checked(
    'region',
    input.list('region'),
    REGION,
    'write a region such as us-central1, or several',
  );
  const [api, ...otherApis] = checked('api', input.list('api'), GATEWAY, ID);
  const [gateway = api, ...otherGateways] = checked('gateway', input.list('gateway'), GATEWAY, ID);
  const given = checked(
    'location',
    input.list('location'),
    REGION,
    'write a region such as us-central1, or several',
  );
  const keys = checked('key_id', input.list('key_id'), SERVICE, ID);
  const images = input.list('image').map(readImage);
  const [second] = [...otherApis, ...otherGateways];
  if (second !== undefined)
    throw invalid(
      otherApis.length > 0 ? 'api' : 'gateway',
      second,
      'name one, and use a step for each; they may run as a matrix',
    );
  const locations = given.length > 0 ? given : regions;
  if (services.length + jobs.length + workerPools.length > 0 && regions.length === 0)
    input.required('region', 'name the regions of the service, job or worker pool');
  if (gateway !== undefined && locations.length === 0)
    input.required('location', 'name the regions of the gateway');
  if ([...services, ...jobs, ...workerPools, gateway, ...keys, ...images].every((one) => one === undefined))
    throw new ActionError('Input "service" is required and was empty.', {
      code: 'input-missing',
      hint: 'name what to delete under "with:", by at least one of service, job, worker_pool, api, gateway, key_id and image',
    });
  return {
    google: readGoogleInputs(input),
    ...{ services, jobs, workerPools, regions, api, gateway, locations, keys, images },
    dryRun: input.boolean('dry_run'),
    timeout: input.duration('timeout'),
  };
}

function checked(name: string, given: readonly string[], pattern: RegExp, cure: string): string[] {
  const all = [...new Set(given)];
  const wrong = all.find((one) => !pattern.test(one));
  if (wrong !== undefined) throw invalid(name, wrong, cure);
  return all;
}

function readImage(text: string): ImageName {
  const image = parseImageName(text);
  if (image) return image;
  const untagged = text.replace(/(:[\w.-]+)?(@sha256:[0-9a-f]+)?$/, '');
  const cure = parseImageName(untagged)
    ? `write ${untagged}; a single tag or version can't be named`
    : imageNameCure(text);
  throw invalid('image', text, cure);
}
