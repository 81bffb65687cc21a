import { counted } from '@gangway/action/counted';
import {
  checkCount,
  checksOf,
  crashes,
  groupOf,
  imageOf,
  lastExit,
  type Machine,
  mayRest,
  metadataOf,
  timeToPass,
} from './machine.ts';

/** How an app has to be after a deploy. */
export interface Wanted {
  /**
   * Digests that stand for the image: its own and, of an index, those of its parts. Empty when the image was named by a
   * tag that Fly resolved: then all machines have to run one.
   */
  readonly digests: readonly string[];
  /** Id of the release; undefined where flyctl did not tell it. */
  readonly release: string | undefined;
  /** The process groups that have to have machines. */
  readonly groups: readonly string[];
  /** The machines before the deploy: none may get lost, and what rested may go on resting. */
  readonly before: readonly Machine[];
}

export interface Finding {
  /** Id of the machine, or name of the group. */
  readonly subject: string;
  readonly why: string;
  /** Whether it is that a machine is not well, and not that it runs something else. */
  readonly ill?: boolean;
  /** Whether waiting can not mend it. */
  readonly final: boolean;
  /** Milliseconds in which it may mend itself; default as long as an answer of the API may be old. */
  readonly patience?: number;
}

/** Milliseconds for a machine to pull its image and start. */
const STARTS = 60_000;
/** Crashes of one run of a machine after which the next one is no better. */
const HOPELESS = 3;
/** Characters of a check's output that are told. */
const OUTPUT = 500;

/**
 * What keeps an app from being what was deployed: an empty list is the truth of a deploy that is done.
 *
 * @param machines the managed ones, as Fly tells them now
 * @returns first those that say that a machine is not well
 */
export function judgeMachines(machines: readonly Machine[], wanted: Wanted): Finding[] {
  const one = machines[0]?.image_ref?.digest;
  const digests = wanted.digests.length > 0 ? wanted.digests : one ? [one] : [];
  const all = [
    ...judgeGroups(machines, wanted),
    ...machines.flatMap((machine) => judge(machine, digests, wanted)),
  ];
  return [...all.filter(({ ill }) => ill), ...all.filter(({ ill }) => !ill)];
}

/** What is not well with machines, whatever they run: those of the newest release first. */
export function judgeHealth(machines: readonly Machine[], before: readonly Machine[]): Finding[] {
  const release = (machine: Machine) => Number(metadataOf(machine).fly_release_version ?? 0);
  return machines
    .toSorted((one, other) => release(other) - release(one))
    .flatMap((machine) => judgeOne(machine, before));
}

function judgeGroups(machines: readonly Machine[], { groups, before }: Wanted): Finding[] {
  return groups.flatMap((group) => {
    const now = machines.filter((machine) => groupOf(machine) === group).length;
    const then = before.filter((machine) => groupOf(machine) === group).length;
    if (now > 0 && now >= then) return [];
    const why =
      then > 0
        ? `has ${counted(now, 'machine')} where it had ${then}: some were lost in the deploy`
        : 'has no machine: the deploy created none';
    return [{ subject: `group ${group}`, why, final: false }];
  });
}

function judge(machine: Machine, digests: readonly string[], wanted: Wanted): Finding[] {
  const found: Found = (why, { patience } = {}) => [
    { subject: machine.id, why, final: false, ...(patience !== undefined && { patience }) },
  ];
  const { host_status: host } = machine;
  if (host && host !== 'ok')
    return found(`is on a host that is ${host}: what it runs is not known`, { patience: STARTS });
  const runs = machine.image_ref?.digest;
  if (!runs) return found("runs an image whose digest Fly doesn't report");
  if (!digests.includes(runs)) return found(`still runs ${imageOf(machine)}`);
  const release = metadataOf(machine).fly_release_id;
  if (wanted.release && release !== wanted.release) {
    const version = metadataOf(machine).fly_release_version;
    const runs = `release ${version ? `v${version}` : (release ?? 'none')}`;
    // Before an app's first machine, two deploys can't wait for each other.
    const isOthers = release !== undefined && !wanted.before.some(({ id }) => id === machine.id);
    return found(isOthers ? `is on ${runs}: another deploy made it at the same time` : `is still on ${runs}`);
  }
  return judgeOne(machine, wanted.before);
}

/** Whether a machine is well, by its own restart policy and by how it was before. */
function judgeOne(machine: Machine, before: readonly Machine[]): Finding[] {
  const found: Found = (why, { final = false, patience } = {}) => [
    { subject: machine.id, why, final, ill: true, ...(patience !== undefined && { patience }) },
  ];
  const { state, cordoned } = machine;
  const then = before.find(({ id }) => id === machine.id);
  const exit = lastExit(machine);
  const crashed = exit && !exit.requested_stop && (exit.exit_code ?? 0) !== 0;
  if (exit?.oom_killed) return found('was killed: out of memory', { final: true });
  if (state !== 'started') {
    if (crashed) return found(`exited with code ${exit.exit_code} and is ${state}`, { final: true });
    if (state === 'failed') return found('has failed to start', { final: true });
    return mayBeAtRest(machine, then) ? [] : found(`is ${state}, not started`, { patience: STARTS });
  }
  if (crashed)
    return found(`exits with code ${exit.exit_code} and is restarted again and again`, {
      final: crashes(machine) >= HOPELESS,
      patience: STARTS,
    });
  if (cordoned && !then?.cordoned) return found('is cordoned: no request is routed to it');
  return judgeChecks(machine, found);
}

/** A machine that Fly stops by itself, that has done what it is for, or that rested before: flyctl lets it rest. */
function mayBeAtRest(machine: Machine, then: Machine | undefined): boolean {
  if (machine.state !== 'stopped' && machine.state !== 'suspended') return false;
  return mayRest(machine) || isDone(machine) || then?.state === 'stopped' || then?.state === 'suspended';
}

/**
 * Whether a machine has ended with 0, and its restart policy leaves it so. The policy `on-failure` must have been asked for: it is
 * that of every machine of which nothing is said, and one with a service is not meant to end.
 */
function isDone(machine: Machine): boolean {
  const exit = lastExit(machine);
  const policy = machine.config?.restart?.policy;
  const mayEnd = policy === 'no' || (policy === 'on-failure' && !machine.config?.services?.length);
  return mayEnd && exit !== undefined && !exit.requested_stop && (exit.exit_code ?? 0) === 0;
}

type Found = (why: string, more?: { readonly final?: boolean; readonly patience?: number }) => Finding[];

function judgeChecks(machine: Machine, found: Found): Finding[] {
  const checks = checksOf(machine);
  const failing = checks.find(({ status }) => status !== 'passing');
  if (failing) {
    const said = failing.output?.replace(/\s+/g, ' ').trim().slice(0, OUTPUT);
    return found(`fails its check ${failing.name}: ${failing.status}${said ? `: ${said}` : ''}`, {
      patience: timeToPass(machine),
    });
  }
  const expected = checkCount(machine);
  if (checks.length < expected)
    return found(`has results of ${checks.length} of its ${counted(expected, 'check')}`, {
      patience: STARTS,
    });
  return [];
}
