import { input, invalid } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly services: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
}

const SERVICE = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/;

export function readInputs(): Inputs {
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
