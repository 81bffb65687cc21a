import { ActionError } from '@gangway/action/error';
import { isLoopback } from '@gangway/http';

/** The Google APIs that Gangway calls, by the first label of their hosts. */
export type Service =
  | 'apigateway'
  | 'apikeys'
  | 'artifactregistry'
  | 'cloudresourcemanager'
  | 'compute'
  | 'connectgateway'
  | 'container'
  | 'iam'
  | 'iamcredentials'
  | 'logging'
  | 'run'
  | 'secretmanager'
  | 'serviceusage'
  | 'sts';

/** The universe domain of Google Cloud itself. Clouds that partners run, as Trusted Partner Cloud, have others. */
export const GOOGLE_UNIVERSE = 'googleapis.com';

/** What gcloud counts as a part of the endpoint, and so of its override. */
const PATHS: Readonly<Partial<Record<Service, string>>> = { compute: 'compute/v1/' };

/**
 * Where an API answers: gcloud's own override if one is set, else the API's host in the universe.
 *
 * @param universe domain that the APIs' hosts end with, e.g. `googleapis.com`
 * @returns a URL that ends in `/`
 * @throws ActionError when the override is no URL, or is http anywhere but on loopback
 * @see https://cloud.google.com/sdk/gcloud/reference/topic/configurations (api_endpoint_overrides)
 */
export function endpoint(service: Service, universe = GOOGLE_UNIVERSE): URL {
  const name = `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`;
  return override(name) ?? new URL(`https://${service}.${universe}/${PATHS[service] ?? ''}`);
}

/** Google's OAuth 2.0 token endpoint, or gcloud's override of it. */
export function tokenEndpoint(): URL {
  return override('CLOUDSDK_AUTH_TOKEN_HOST', false) ?? new URL('https://oauth2.googleapis.com/token');
}

/** The registry host that stands in for `LOCATION-docker.pkg.dev`, e.g. `127.0.0.1:8080`, or undefined. */
export function registryOverride(): string | undefined {
  const host = process.env.GANGWAY_REGISTRY_HOST;
  if (!host) return undefined;
  if (!isLoopback(host)) {
    throw new ActionError(
      `The environment variable GANGWAY_REGISTRY_HOST is not on this machine: "${host}".`,
      {
        code: 'endpoint-invalid',
        hint: 'write HOST:PORT of a local cloud on 127.0.0.1, or unset it: access tokens are sent there',
      },
    );
  }
  return host;
}

function override(name: string, directory = true): URL | undefined {
  const value = process.env[name];
  if (!value) return undefined;
  const url = URL.parse(directory && !value.endsWith('/') ? `${value}/` : value);
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.host)))) {
    throw new ActionError(`The environment variable ${name} is not a usable endpoint: "${value}".`, {
      code: 'endpoint-invalid',
      hint: 'write an https URL, or an http URL on 127.0.0.1',
    });
  }
  return url;
}
