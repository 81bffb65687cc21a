import { input, invalid, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, REFUSED_SIGN_IN, readGoogleInputs } from '@gangway/auth';
import { DECLARED } from './declared-inputs.ts';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly services: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
}

const SERVICE = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/;

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED_SIGN_IN);
  input.required('services');
  const services = input.list('services');
  for (const service of services) {
    if (!SERVICE.test(service))
      throw invalid(
        'services',
        service,
        `write full service names, e.g. ${service.split(/\W/)[0] || 'run'}.googleapis.com`,
      );
  }
  return { google: readGoogleInputs(input), services, timeout: input.duration('timeout') };
}
