import { cancellation, lastLines } from '@gangway/action';
import type { Helm } from './program.ts';
import { currentRelease, type Release, revisionBefore } from './release.ts';

/** Seconds that the previous pods get to be ready again. */
const BACK = 120;

/**
 * Does what `helm upgrade --atomic` does after a failure: back to the revision that ran last, or away with a release that never ran.
 *
 * @param before the release as the step found it
 * @returns how it went, for a person; undefined where helm has changed nothing
 */
export async function goBack(
  helm: Helm,
  place: readonly string[],
  before: Release | undefined,
): Promise<string | undefined> {
  cancellation.throwIfAborted();
  const now = await currentRelease(helm, place);
  if (!now || now.revision === before?.revision) return undefined;
  const revision = await revisionBefore(helm, place, now.revision);
  const wait = ['--wait', `--timeout=${BACK}s`];
  const [name = ''] = place;
  if (revision === undefined) {
    const { exitCode, stderr } = await helm.run(['uninstall', ...place, ...wait], { allowFailure: true });
    return exitCode === 0
      ? `The release ${name} was uninstalled: no revision of it has ever run.`
      : `The release ${name} could not be uninstalled: ${lastLines(stderr, 3)}`;
  }
  const [, ...where] = place;
  const args = ['rollback', name, String(revision), ...where, ...wait];
  const { exitCode, stderr } = await helm.run(args, { allowFailure: true });
  return exitCode === 0
    ? `The release ${name} was rolled back to revision ${revision}, whose pods are ready.`
    : `The release ${name} could not be rolled back to revision ${revision}: ${lastLines(stderr, 3)}`;
}
