import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { type CheckConfig, checksOf, groupOf, milliseconds } from './config.ts';
import type { CheckStatus, Machine } from './machine.ts';
import type { Run } from './run.ts';

const INTERVAL = 15_000;
/** A check that has not passed yet is repeated sooner than its interval: nobody learns anything by waiting. */
const EAGER = 250;

/** Carries out a machine's health checks as long as this run lasts. */
export function watchChecks(cloud: Context, machine: Machine, run: Run): void {
  for (const [name, check] of checksOf(machine.config)) {
    const status: CheckStatus = {
      name,
      status: 'critical',
      output: 'the machine has not been checked yet',
      updated_at: now(cloud),
    };
    machine.checks.push(status);
    void watch(cloud, machine, run, check, status);
  }
}

async function watch(
  cloud: Context,
  machine: Machine,
  run: Run,
  check: CheckConfig,
  status: CheckStatus,
): Promise<void> {
  while (machine.run === run) {
    const disturbance = cloud.fly.disturbances.of('checks', groupOf(machine.config), machine.id);
    const { passing, output } = disturbance?.checks
      ? { passing: false, output: disturbance.checks }
      : await run.probe(check);
    status.status = passing ? 'passing' : 'critical';
    status.output = output;
    status.updated_at = now(cloud);
    machine.touch();
    const interval = milliseconds(check.interval, INTERVAL);
    await sleep(passing ? interval : Math.min(interval, EAGER), undefined, { ref: false });
  }
}

function now(cloud: Context): string {
  return new Date(cloud.clock.now()).toISOString();
}
