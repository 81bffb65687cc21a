import { ActionError } from '@gangway/action/error';
import { isLoopback } from '@gangway/http';

/** Where Fly answers; flyctl's own variables point it elsewhere, to http on this machine only. */
export interface FlyEndpoints {
  /** The Machines API, without a slash at the end. */
  readonly machines: string;
  /** Logs, releases and GraphQL. */
  readonly api: string;
  /** Host of the registry. */
  readonly registry: string;
}

/**
 * @throws ActionError `endpoint-invalid` when one of the variables is no URL, or is http anywhere but on loopback
 * @see https://github.com/superfly/flyctl/blob/master/internal/config/config.go
 */
export function flyEndpoints(): FlyEndpoints {
  return {
    machines: url('FLY_FLAPS_BASE_URL', 'https://api.machines.dev'),
    api: url('FLY_API_BASE_URL', 'https://api.fly.io'),
    registry: process.env.FLY_REGISTRY_HOST || 'registry.fly.io',
  };
}

/** What stands in for Fly's proxy on this machine: it tells apps apart by the host that it is asked for. */
export interface StandIn {
  readonly host: string;
  readonly port: number;
}

/**
 * The stand-in for Fly's proxy: where the Machines API is asked on loopback, the same place, as the local cloud answers for its
 * apps too; or what GANGWAY_FLY_PROXY names. Undefined for `https://APP.fly.dev` itself.
 *
 * @throws ActionError `endpoint-invalid` when the stand-in is not on this machine
 */
export function flyProxy(): StandIn | undefined {
  const proxy = process.env.GANGWAY_FLY_PROXY;
  if (proxy && !isLoopback(proxy)) throw wrong('GANGWAY_FLY_PROXY', proxy);
  const place = proxy ? new URL(`http://${proxy}`) : new URL(flyEndpoints().machines);
  if (!proxy && !isLoopback(place.host)) return undefined;
  const usual = place.protocol === 'https:' ? 443 : 80;
  return { host: place.hostname.replace(/^\[|\]$/g, ''), port: Number(place.port) || usual };
}

function url(name: string, usual: string): string {
  const value = process.env[name];
  if (!value) return usual;
  const parsed = URL.parse(value);
  const safe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.host));
  if (!parsed || !safe) throw wrong(name, value);
  return parsed.origin;
}

function wrong(name: string, value: string): ActionError {
  return new ActionError(`The environment variable ${name} is not a usable endpoint: "${value}".`, {
    code: 'endpoint-invalid',
    hint: 'write an https URL, or one on 127.0.0.1, or unset it: tokens are sent there',
  });
}
