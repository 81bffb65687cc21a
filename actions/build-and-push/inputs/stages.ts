import { ActionError, input, invalid } from '@gangway/action';
import { DockerfileError, parseDockerfile, readStages, type Stage, stagesFor } from '@gangway/dockerfile';
import { LIMITS, readText } from '@gangway/files';
import type { BuildInputs } from './build.ts';

/** What decides which stages a build goes through. */
interface Sources extends Pick<BuildInputs, 'target' | 'buildArgs' | 'platforms'> {
  /** Path of the Dockerfile. */
  readonly file: string;
}

/** All that have a name, but for the one that is the image itself. */
const ALL = 'push';

/**
 * The stages whose images are pushed under tags of their own.
 *
 * @param given what else the inputs say of the build
 * @throws ActionError for a stage that the build does not go through, or whose name is taken as a tag
 */
export function readStageInputs(
  given: Sources & { readonly tags: readonly string[]; readonly immutable: boolean },
): readonly string[] {
  const wanted = input.list('stages');
  if (wanted.length === 0) return [];
  const text = wanted.join(', ');
  if (given.immutable)
    throw invalid(
      'stages',
      text,
      'leave it out, or immutable_tags: the tag of a stage moves with each build',
    );
  const there = namesIn(given, text);
  const names = wanted.length === 1 && wanted[0] === ALL ? there : wanted;
  if (names.length === 0)
    throw invalid('stages', text, 'the Dockerfile has no named stage before the last: write FROM … AS NAME');
  for (const name of names) {
    if (!there.includes(name))
      throw invalid(
        'stages',
        name,
        `write "${ALL}" for all, or of these: ${there.join(', ') || 'there are none'}`,
      );
    if (given.tags.includes(name))
      throw invalid(
        'stages',
        name,
        `the image itself gets the tag ${name}: change tags, or the name of the stage`,
      );
  }
  return [...new Set(names)];
}

function namesIn(given: Sources, text: string): string[] {
  try {
    const stages = stagesOf(given);
    return stages.slice(0, -1).flatMap(({ name }) => name ?? []);
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    throw new ActionError(
      `Input "stages" is "${text}", and the stages of ${given.file} can't be read: ${error.message}`,
      {
        code: 'input-invalid',
        hint: 'correct the Dockerfile',
        cause: error,
      },
    );
  }
}

/**
 * The stages that a build goes through, in the order of the Dockerfile.
 *
 * @throws DockerfileError, or FileError, for one that can't be read
 */
export function stagesOf({ file, target, buildArgs, platforms: [platform] }: Sources): Stage[] {
  const text = readText(file, LIMITS.dockerfile, { lenient: true });
  return stagesFor(readStages(parseDockerfile(text), { buildArgs, ...(platform && { platform }) }), target);
}
