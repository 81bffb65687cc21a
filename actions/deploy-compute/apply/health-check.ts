import { ActionError, invalid } from '@gangway/action';
import { HEALTH_CHECK } from '@gangway/compute';
import { diff, normal } from '@gangway/settings';
import type { Inputs } from '../inputs.ts';
import { partsOfPort } from '../machine/container.ts';
import type { Place } from '../place.ts';
import { planFirewall } from './firewall.ts';
import type { Standing, Step } from './step.ts';

/** From where Google's health checks ask (https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges). */
const PROBES = ['130.211.0.0/22', '35.191.0.0/16'];
const OURS = 'Made by Gangway';

/** A health check and the rule that lets it in. */
export interface Health {
  /** Full name, `none` for no healing, undefined to keep what is there. */
  readonly healthCheck: string | undefined;
  readonly steps: readonly Step[];
  readonly standing: readonly Standing[];
}

/**
 * Plans the health check of a group that `health_check` asks for: its first TCP port, at that path.
 *
 * @param network full name
 * @throws ActionError `health-check-foreign`
 */
export async function planHealth(
  place: Place,
  network: string,
  ports: readonly string[],
  { group, name, timeout }: Inputs,
): Promise<Health> {
  const { healthCheck: path } = group;
  if (path === undefined || path === 'none') return { healthCheck: path, steps: [], standing: [] };
  const port = ports.map(partsOfPort).find(({ protocol }) => protocol === 'tcp')?.host;
  if (port === undefined)
    throw invalid(
      'health_check',
      path,
      'it is requested on the first TCP port of the machine: write ports, such as 80:8080',
    );
  const id = `${name}-health`;
  const rule = {
    name: `${name}-health-checks`,
    of: `the group ${name}`,
    network,
    sourceRanges: PROBES,
    targetTag: name,
    allowed: [{ IPProtocol: 'tcp', ports: [port] }],
  };
  return {
    healthCheck: `projects/${place.projectId}/global/healthChecks/${id}`,
    steps: [
      await planCheck(place, id, { port: Number(port), requestPath: path }, timeout),
      await planFirewall(place, rule, timeout),
    ],
    standing: [
      { what: `health check ${id}`, costs: 'free' },
      { what: `firewall rule ${rule.name}`, costs: 'free' },
    ],
  };
}

async function planCheck(
  place: Place,
  id: string,
  http: { readonly port: number; readonly requestPath: string },
  timeout: number,
): Promise<Step> {
  const path = `global/healthChecks/${id}`;
  const found = await place.compute.find(path, HEALTH_CHECK);
  const wanted = {
    type: 'HTTP',
    ...{ checkIntervalSec: 10, timeoutSec: 5, healthyThreshold: 1, unhealthyThreshold: 3 },
    httpHealthCheck: { ...http, portSpecification: 'USE_FIXED_PORT' },
  };
  const shown = ({
    httpHealthCheck: { port = 80, requestPath = '/' } = {},
  }: Pick<typeof wanted, 'httpHealthCheck'> | NonNullable<typeof found>) => ({
    port: String(port),
    path: requestPath,
  });
  const changes = diff(found && normal(shown(found)), normal(shown(wanted)), `health check ${id}`);
  if (changes.length > 0 && found && !found.description?.startsWith(OURS))
    throw new ActionError(
      `A health check ${id} already exists. This action didn't create it, and it checks something else.`,
      {
        code: 'health-check-foreign',
        hint: "leave health_check empty to keep the group's autohealing, or delete the health check",
      },
    );
  const write = found
    ? { method: 'PATCH' as const, path, body: { type: wanted.type, httpHealthCheck: wanted.httpHealthCheck } }
    : {
        method: 'POST' as const,
        path: 'global/healthChecks',
        body: { name: id, description: `${OURS}.`, ...wanted },
      };
  const carryOut = () =>
    changes.length === 0
      ? Promise.resolve()
      : place.compute.write({
          ...write,
          what: `${found ? 'changing' : 'making'} the health check ${id}`,
          timeout,
        });
  return { changes, carryOut };
}
