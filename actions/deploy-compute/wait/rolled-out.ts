import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, counted, log, seconds } from '@gangway/action';
import { ERRORS, MANAGED_INSTANCES, MANAGER, type ManagedInstance, type Manager } from '@gangway/compute';
import type { Place } from '../place.ts';
import { last } from '../plan/misfits.ts';
import { stateOf } from './state.ts';

/** Milliseconds that an error of an instance may last: groups try again by themselves. */
const PATIENCE = 30_000;
/** Machines that are asked in one look. */
const AT_ONCE = 20;

/** What a group is waited for to run. */
export interface Target {
  /** Path of the manager below the project. */
  readonly path: string;
  readonly name: string;
  /** Name of the template. */
  readonly template: string;
  /** What its machines say that they run; undefined where they say nothing. */
  readonly id: string | undefined;
}

/**
 * Waits until the group has as many instances of the template as it is to have, and is stable, and until each says itself that it
 * runs the image.
 *
 * @throws ActionError `container-failed`, `group-failed`, `overtaken`, `timeout`
 */
export async function untilRolledOut(place: Place, target: Target): Promise<Manager> {
  const start = performance.now();
  const run = new Set<string>();
  let failing: number | undefined;
  let told = start;
  for (let delay = 500; ; delay = Math.min(delay * 1.5, 2000)) {
    const manager = await place.compute.read(target.path, MANAGER);
    refuseOvertaken(manager, target);
    const instances = await instancesOf(place, target);
    const own = instances.filter(({ version }) => last(version?.instanceTemplate) === target.template);
    await ask(place, target, own, run);
    const { isStable = false, versionTarget: { isReached = false } = {} } = manager.status ?? {};
    const isRunning = target.id === undefined || own.every(({ instance }) => run.has(instance ?? ''));
    if (isReached && isStable && isRunning) return manager;
    const error = own.find((one) => (one.lastAttempt?.errors?.errors ?? []).length > 0);
    failing = error ? (failing ?? performance.now()) : undefined;
    if (failing !== undefined && performance.now() - failing > PATIENCE)
      throw await failed(place, target, error);
    const now = performance.now();
    if (now - told > 15_000) {
      told = now;
      log.info(
        `${target.name}: ${counted(run.size, 'instance')} of ${own.length} run ${target.template} after ${seconds(now - start)}…`,
      );
    }
    if (place.left() <= 1000) throw await tooLong(place, target, now - start);
    await sleep(delay, undefined, { signal: cancellation });
  }
}

function refuseOvertaken({ versions = [], instanceTemplate, name }: Manager, { template }: Target): void {
  const used = [...versions.map((version) => version.instanceTemplate), instanceTemplate].map(last);
  if (used.includes(template)) return;
  throw new ActionError(`Someone else changed the template of the group ${name} while this step waited.`, {
    code: 'overtaken',
    hint: 'give jobs that deploy to the same group a common "concurrency" group',
  });
}

async function instancesOf({ compute }: Place, { path }: Target): Promise<readonly ManagedInstance[]> {
  const all: ManagedInstance[] = [];
  let pageToken = '';
  do {
    const page: { managedInstances?: readonly ManagedInstance[]; nextPageToken?: string } =
      await compute.read(`${path}/listManagedInstances`, MANAGED_INSTANCES, {
        method: 'POST',
        query: { maxResults: '500', ...(pageToken && { pageToken }) },
      });
    all.push(...(page.managedInstances ?? []));
    pageToken = page.nextPageToken ?? '';
  } while (pageToken && all.length < 2000);
  return all;
}

/** Asks machines that have not said yet that they run it. The first that fails ends the rollout, before it reaches the others. */
async function ask(
  place: Place,
  { id }: Target,
  own: readonly ManagedInstance[],
  run: Set<string>,
): Promise<void> {
  if (id === undefined) return;
  const silent = own.filter(({ instance = '' }) => instance !== '' && !run.has(instance)).slice(0, AT_ONCE);
  await Promise.all(
    silent.map(async ({ instance = '' }) => {
      // The instances of a regional group are in several zones.
      const said = await stateOf(place, instance.replace(/^.*(?=\/zones\/)\//, ''));
      if (said?.id !== id) return;
      if (said.state === 'running') run.add(instance);
      if (said.state === 'failed')
        throw new ActionError(`The container of ${last(instance)} doesn't run: ${said.detail}.`, {
          code: 'container-failed',
          hint: 'run the image with the same settings on your machine; the group was stopped at the first instance that failed',
        });
    }),
  );
}

async function failed(
  place: Place,
  target: Target,
  instance: ManagedInstance | undefined,
): Promise<ActionError> {
  const [first] = instance?.lastAttempt?.errors?.errors ?? [];
  const name = last(instance?.instance) ?? target.name;
  return new ActionError(
    `The group ${target.name} can't create ${name}: ${first?.code ?? 'error'}: ${first?.message ?? 'no message'}.${await errorsOf(place, target)}`,
    {
      code: 'group-failed',
      hint: 'read what Compute Engine says; another zone or machine_type may have capacity',
    },
  );
}

async function tooLong(place: Place, target: Target, elapsed: number): Promise<ActionError> {
  return new ActionError(
    `The group ${target.name} didn't reach ${target.template} within ${seconds(elapsed)}.${await errorsOf(place, target)}`,
    {
      code: 'timeout',
      hint: 'raise "timeout" for a large group, or let max_surge or max_unavailable replace more at once',
    },
  );
}

/** What the group met while it made instances of the template. It never fails: it only helps to explain. */
async function errorsOf({ compute }: Place, { path, template }: Target): Promise<string> {
  try {
    const { items = [] } = await compute.read(`${path}/listErrors`, ERRORS);
    const own = items.filter(
      ({ instanceActionDetails: details }) => last(details?.version?.instanceTemplate) === template,
    );
    const lines = own
      .slice(0, 5)
      .map(
        ({ error, instanceActionDetails: details }) =>
          `  ${last(details?.instance)}: ${error?.code}: ${error?.message}`,
      );
    return lines.length > 0 ? ` Its errors:\n${lines.join('\n')}` : '';
  } catch {
    cancellation.throwIfAborted();
    return '';
  }
}
