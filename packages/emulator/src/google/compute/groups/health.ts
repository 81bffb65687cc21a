import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { pathOf } from '../links.ts';
import type { Probe } from '../machines/machines.ts';
import { allows, PROBER } from '../networking/allows.ts';
import type { Manager, Member } from './types.ts';

/** A health check as the API shows it. */
export interface HealthCheck extends Readonly<Record<string, unknown>> {
  readonly type: string;
  readonly checkIntervalSec: number;
  readonly timeoutSec: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** The check that a group heals by, and the milliseconds before it does. */
export function healthCheckOf(
  cloud: Context,
  { autoHealingPolicies = [] }: Manager,
): { readonly check: HealthCheck; readonly link: string; readonly initialDelay: number } | undefined {
  const [policy] = autoHealingPolicies;
  if (!policy?.healthCheck) return undefined;
  const { path } = pathOf(policy.healthCheck, cloud.project.id, 'healthCheck', 'global/healthChecks');
  const check = cloud.compute.resources.get(path) as unknown as HealthCheck | undefined;
  return check && { check, link: policy.healthCheck, initialDelay: (policy.initialDelaySec ?? 0) * 1000 };
}

/** Probes an instance once, waits until it is time for the next, and counts: so many in a row make it healthy, or not. */
export async function checkHealth(
  cloud: Context,
  path: string,
  member: Member,
  check: HealthCheck,
): Promise<void> {
  const outcome = await outcomeOf(cloud, path, check);
  const isGood = outcome === 'HEALTHY';
  const wasGood = member.streak > 0;
  member.streak =
    isGood === wasGood && member.streak !== 0 ? member.streak + (isGood ? 1 : -1) : isGood ? 1 : -1;
  if (isGood ? member.streak >= check.healthyThreshold : -member.streak >= check.unhealthyThreshold)
    member.health = outcome;
  await sleep(check.checkIntervalSec * 1000, undefined, { ref: false });
}

async function outcomeOf(
  cloud: Context,
  path: string,
  check: HealthCheck,
): Promise<'HEALTHY' | 'UNHEALTHY' | 'TIMEOUT'> {
  const instance = cloud.compute.resources.get(path);
  const probe = probeOf(check);
  // What the firewall drops is never answered.
  if (!instance || !allows(cloud, instance, probe.port, PROBER)) return 'TIMEOUT';
  return (await cloud.machines.probe(path, probe)) ? 'HEALTHY' : 'UNHEALTHY';
}

function probeOf(check: HealthCheck): Probe {
  const http = check.httpHealthCheck as { port?: number; requestPath?: string; host?: string } | undefined;
  const other = (check.tcpHealthCheck ??
    check.httpsHealthCheck ??
    check.http2HealthCheck ??
    check.sslHealthCheck ??
    check.grpcHealthCheck) as { port?: number } | undefined;
  return {
    port: http?.port ?? other?.port ?? 80,
    timeout: check.timeoutSec * 1000,
    ...(http && { http: { path: http.requestPath ?? '/', host: http.host } }),
  };
}
