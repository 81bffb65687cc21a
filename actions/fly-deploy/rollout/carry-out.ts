import { ActionError, cancellation, log } from '@gangway/action';
import { imageOf, listMachines, type Machine, metadataOf } from '@gangway/fly';
import type { DeployImage } from '../app/image.ts';
import { hashFilesRead } from '../flyctl/files-read.ts';
import type { Work } from '../work.ts';
import type { Release } from './deploy.ts';
import { deployedMark, fingerprint, standingRelease } from './fingerprint.ts';
import { removeAdded } from './restore.ts';
import { RolloutError, rollOut, webAddress } from './roll-out.ts';
import { lookAgain } from './standing.ts';

/** What came of a deploy. */
export interface Result {
  readonly machines: readonly Machine[];
  readonly release: Release | undefined;
  readonly image: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly changed: boolean;
  readonly rolledBack: boolean;
  /** Metadata that tells a later run what was deployed. */
  readonly mark?: Readonly<Record<string, string>>;
  /** Why the step fails, though there is something to report. */
  readonly error: ActionError | undefined;
}

/**
 * Deploys, unless everything is as requested; marks the app as deployed; goes back to what was there where that was asked for.
 */
export async function carryOut(work: Work): Promise<Result> {
  const { inputs, image, staged, config, before } = work;
  const print = fingerprint({
    digests: image.digests,
    config: config.text,
    files: await hashFilesRead(config.text, inputs.config),
    secrets: staged.secrets,
    identity: work.identity?.text,
    flags: inputs.options.flags,
  });
  const hasSize =
    'vm' in (JSON.parse(config.text) as object) ||
    inputs.options.flags.some((flag) => flag.startsWith('--vm-'));
  const standing = await lookAgain(work, standingRelease(before, print, hasSize));
  if (standing) {
    log.info(`${work.app} already runs this image with this configuration and these secrets.`);
    // A machine that `fly scale` has added since has no mark.
    const mark = deployedMark(print, standing.release.id, standing.machines, hasSize);
    return { ...standing, mark, image: image.reference, changed: false, rolledBack: false, error: undefined };
  }
  try {
    const rolled = await rollOut(work, image);
    const mark = deployedMark(print, rolled.release.id, rolled.machines, hasSize);
    return { ...rolled, mark, image: image.reference, changed: true, rolledBack: false, error: undefined };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    // What another deploy brought since is not this one's to take back.
    const isOurs = error.touched && error.code !== 'overtaken';
    const previous = inputs.rollback && isOurs ? previousImage(before) : undefined;
    if (previous) return rollBack(work, error, previous);
    if (inputs.rollback && isOurs)
      log.warning('There is nothing to roll back to: the app had no machines before.');
    return failed(work, error, error.touched);
  }
}

async function rollBack(work: Work, error: RolloutError, previous: DeployImage): Promise<Result> {
  log.warning(`${error.message}\nGoing back to ${previous.reference}, without its release command.`);
  try {
    await removeAdded(work);
    const rolled = await rollOut(work, previous, true);
    const told = new ActionError(
      `${error.message}\nThe app was rolled back to ${previous.reference}, with the current fly.toml and secrets.`,
      { code: 'rolled-back', hint: error.hint, cause: error },
    );
    return { ...rolled, image: previous.reference, changed: true, rolledBack: true, error: told };
  } catch (again) {
    cancellation.throwIfAborted();
    const told = new ActionError(
      `${error.message}\nRolling back to ${previous.reference} failed too: ${again instanceof Error ? again.message : again}`,
      { code: 'rollback-failed', hint: 'look at the app now: "fly status" and "fly logs"', cause: again },
    );
    return failed(work, told, true);
  }
}

/** The app as a deploy that failed left it. */
async function failed(work: Work, error: ActionError, changed: boolean): Promise<Result> {
  // What went wrong with the deploy is more than that they can't be listed.
  const machines = await listMachines(work.fly, work.app).catch(() => []);
  const newest = newestOf(machines);
  const { fly_release_id: id, fly_release_version: version } = newest ? metadataOf(newest) : {};
  return {
    machines,
    release: id && version ? { id, version } : undefined,
    image: newest ? imageOf(newest) : '',
    url: await webAddress(work, machines).catch(() => ''),
    status: undefined,
    changed,
    rolledBack: false,
    error,
  };
}

/** The image of the newest release among the machines that were there. */
function previousImage(before: readonly Machine[]): DeployImage | undefined {
  const newest = newestOf(before);
  const reference = newest && imageOf(newest);
  const digest = newest?.image_ref?.digest;
  return reference ? { reference, digests: digest ? [digest] : [] } : undefined;
}

function newestOf(machines: readonly Machine[]): Machine | undefined {
  const version = (machine: Machine) => Number(metadataOf(machine).fly_release_version ?? 0);
  return machines.toSorted((one, other) => version(other) - version(one))[0];
}
