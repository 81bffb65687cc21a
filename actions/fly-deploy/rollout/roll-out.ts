import { ActionError, cancellation, log } from '@gangway/action';
import {
  addressOf,
  type Finding,
  groupOf,
  hasPublicAddress,
  judgeHealth,
  listenerOf,
  listMachines,
  type Machine,
  metadataOf,
  verifyAnswer,
  verifyMachines,
} from '@gangway/fly';
import type { DeployImage } from '../app/image.ts';
import type { Work } from '../work.ts';
import { type Deployed, deploy, lastWords, type Release } from './deploy.ts';
import { releaseCommandError, showReleaseCommand } from './release-command.ts';
import { restore, wakeCrashed } from './restore.ts';

/** An app after a deploy that is done. */
export interface Rolled {
  readonly machines: readonly Machine[];
  readonly release: Release;
  /** Empty where the app has no public service. */
  readonly url: string;
  /** What the app answered, if it was asked. */
  readonly status: number | undefined;
}

/** Milliseconds at most for machines to settle where no wait_timeout is given: as long as flyctl waits for one. */
const SETTLE = 5 * 60_000;
/** The same for the app to answer. */
const ANSWERS = 60_000;
/** The same where flyctl gave up: what is nearly well by then is well soon. */
const LAST_LOOK = 10_000;

/** A rollout that failed, and what it left behind. */
export class RolloutError extends ActionError {
  /** Whether a machine was changed. */
  readonly touched: boolean;

  constructor(error: ActionError, touched: boolean) {
    super(error.message, { code: error.code, hint: error.hint, cause: error.cause });
    this.touched = touched;
  }
}

/**
 * Deploys by flyctl, shows the log of the release command, and looks for itself whether the app is what was deployed.
 *
 * @param back whether it goes back to an image that was there: no release command runs then, and all goes at once
 * @throws RolloutError
 */
export async function rollOut(work: Work, image: DeployImage, back = false): Promise<Rolled> {
  const { inputs, app, flyctl, watch, config } = work;
  const waitTimeout = inputs.waitTimeout ?? config.waitTimeout;
  const done = await watch.time(back ? 'rollback' : 'flyctl deploy', () =>
    deploy(flyctl, {
      app,
      config: inputs.config,
      image: image.reference,
      strategy: back ? 'immediate' : inputs.strategy,
      waitTimeout: inputs.waitTimeout,
      flags: inputs.options.flags,
      skipReleaseCommand: back,
      updateOnly: back && work.before.length > 0,
      ...(work.identity && { files: work.identity.files, env: work.identity.env }),
    }),
  );
  await watch.time('release command', () => checkReleaseCommand(work, done, back));
  if (!back) await wakeCrashed(work);
  // In a rollback this run's own failed release would look like another's.
  const own = back ? [] : image.digests;
  const release = done.release ?? (await newRelease(work));
  if (!release) throw await failure(work, done, [], own);
  if (back) await watch.time('restoration', () => restore(work, release));
  const verdict = await watch.time('verification', () =>
    verifyMachines(
      work.fly,
      app,
      {
        digests: back ? work.before.flatMap(({ image_ref: ref }) => ref?.digest ?? []) : image.digests,
        release: release.id,
        groups: back ? work.before.filter(inputs.options.within).map(groupOf) : wantedGroups(work),
        before: work.before,
      },
      {
        timeout: done.release ? (waitTimeout ?? SETTLE) : LAST_LOOK,
        signal: cancellation,
        within: inputs.options.within,
      },
    ),
  );
  if (verdict.findings.length > 0) throw await failure(work, done, verdict.findings, own);
  if (!done.release) {
    log.warning(
      `flyctl failed with exit code ${done.exitCode}, yet all machines run release v${release.version} and pass:\n${lastWords(done)}`,
    );
  }
  const answered = await watch.time('answer', () => checkAnswer(work, verdict.machines));
  if (answered.finding) throw await failure(work, done, [answered.finding], own);
  return { machines: verdict.machines, release, url: answered.url, status: answered.status };
}

/** The process groups that have machines once the deploy is done. */
export function wantedGroups({ inputs: { options }, config, before }: Work): readonly string[] {
  const groups = options.groupsWithin(config.groups);
  if (!options.updateOnly) return groups;
  return groups.filter((group) => before.some((machine) => groupOf(machine) === group));
}

async function checkReleaseCommand(work: Work, done: Deployed, back: boolean): Promise<void> {
  const { releaseCommand } = work.config;
  if (!releaseCommand || back) return;
  const ran = await showReleaseCommand(work.fly, work.app, releaseCommand, done.output);
  if (!ran || done.exitCode === 0 || !ran.exitCode) return;
  const touched = await wasTouched(work);
  throw new RolloutError(releaseCommandError(releaseCommand, ran, touched), touched);
}

/** Where the app takes connections; empty where it has no public service. */
export async function webAddress({ fly, app }: Work, machines: readonly Machine[]): Promise<string> {
  const listener = listenerOf(machines);
  return listener && (await hasPublicAddress(fly, app)) ? addressOf(app, listener) : '';
}

/** The app through Fly's proxy, where it has a public service. */
async function checkAnswer(work: Work, machines: readonly Machine[]) {
  const { app, inputs, config } = work;
  const waitTimeout = inputs.waitTimeout ?? config.waitTimeout ?? ANSWERS;
  const url = await webAddress(work, machines);
  const listener = listenerOf(machines);
  if (!url || !listener || inputs.verify === undefined) return { url, status: undefined, finding: undefined };
  const options = { timeout: Math.min(waitTimeout, ANSWERS), signal: cancellation };
  const { status, finding } = await verifyAnswer(app, listener, inputs.verify, options);
  return { url, status, finding };
}

/** The release that all machines were brought to, though flyctl does not say so. */
async function newRelease({ fly, app, before, inputs }: Work): Promise<Release | undefined> {
  const machines = (await listMachines(fly, app)).filter(inputs.options.within);
  const [first] = machines;
  const id = first && metadataOf(first).fly_release_id;
  if (!id || before.some((machine) => metadataOf(machine).fly_release_id === id)) return undefined;
  const same = machines.every((machine) => metadataOf(machine).fly_release_id === id);
  return same ? { id, version: metadataOf(first).fly_release_version ?? '' } : undefined;
}

/** @param digests of the image that this run deploys; none where it goes back to another */
async function failure(
  work: Work,
  done: Deployed,
  findings: readonly Finding[],
  digests: readonly string[],
): Promise<RolloutError> {
  cancellation.throwIfAborted();
  const touched = await wasTouched(work);
  const newer = await newerRelease(work, done.release, digests);
  if (newer !== undefined) return new RolloutError(overtaken(work, done.release, newer), touched);
  const found = findings.length > 0 ? findings : await leftBehind(work, touched);
  const [first, ...others] = found;
  const lead = first?.ill
    ? [`${first.subject.includes(' ') ? 'The' : 'The machine'} ${first.subject} ${first.why}.`]
    : [];
  const words = done.release ? [] : ['It ended with:', lastWords(done)];
  const error = new ActionError(
    [
      ...lead,
      `${outcome(work, done, found)}${touched ? '' : '; no machine was changed'}.`,
      ...(lead.length > 0 ? others : found).map(({ subject, why }) => `- ${subject} ${why}`),
      ...words,
    ].join('\n'),
    {
      code: 'deploy-failed',
      hint: touched
        ? 'look at the log of the machines that are named; deploy again, or set rollback to true'
        : 'fix what it says, and deploy again',
    },
  );
  return new RolloutError(error, touched);
}

/** What became of the deploy, in a few words. */
function outcome({ app }: Work, { release, exitCode }: Deployed, found: readonly Finding[]): string {
  if (!release) return `flyctl could not deploy ${app}: exit code ${exitCode}`;
  return found.every(({ ill }) => ill)
    ? `${app} was deployed as release v${release.version}, but is not healthy`
    : `flyctl says that ${app} was deployed as release v${release.version}, but not all of it was`;
}

/** The release of a deploy that was made after this one, and is on some machine. */
async function newerRelease(
  { fly, app, before, inputs }: Work,
  own: Release | undefined,
  digests: readonly string[],
): Promise<number | undefined> {
  const version = (machine: Machine) => Number(metadataOf(machine).fly_release_version ?? 0);
  const since = own ? Number(own.version) : Math.max(0, ...before.map(version));
  // Where flyctl names no release of this run's, another's is known by its image.
  const isOthers = ({ image_ref: ref }: Machine) =>
    own !== undefined || (digests.length > 0 && ref?.digest !== undefined && !digests.includes(ref.digest));
  const newest = Math.max(
    0,
    ...(await listMachines(fly, app)).filter(inputs.options.within).filter(isOthers).map(version),
  );
  return newest > since ? newest : undefined;
}

function overtaken({ app }: Work, own: Release | undefined, newer: number): ActionError {
  return new ActionError(
    `Another deploy was faster: ${app} runs release v${newer} now, ${own ? `made after v${own.version}, which is this run's` : 'of another image'}.`,
    {
      code: 'overtaken',
      hint: 'deploy again if this image is to run; a concurrency group in the workflow keeps two deploys apart',
    },
  );
}

/** What is not well after a deploy that broke off, and which machines it left as they were. */
async function leftBehind({ fly, app, before, inputs }: Work, touched: boolean): Promise<Finding[]> {
  if (!touched) return [];
  const machines = (await listMachines(fly, app)).filter(inputs.options.within);
  const newest = machines.map((machine) => Number(metadataOf(machine).fly_release_version ?? 0));
  const left = machines
    .filter((_, index) => newest[index] !== Math.max(...newest))
    .map((machine) => ({
      subject: machine.id,
      why: `is still on release v${metadataOf(machine).fly_release_version ?? '?'}, others are on v${Math.max(...newest)}`,
      final: true,
    }));
  return [...judgeHealth(machines, before), ...left];
}

/** Whether any machine is another than before, is new or is gone. */
async function wasTouched({ fly, app, before, inputs }: Work): Promise<boolean> {
  const machines = (await listMachines(fly, app)).filter(inputs.options.within);
  const versions = new Map(before.map(({ id, instance_id: version }) => [id, version]));
  return (
    machines.length !== before.length ||
    machines.some(({ id, instance_id: version }) => versions.get(id) !== version)
  );
}
