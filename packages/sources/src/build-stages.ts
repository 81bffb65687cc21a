import { parseDockerfile, readStages, type Stage, stagesFor } from '@gangway/dockerfile';
import { LIMITS, readText } from '@gangway/files';
import { NoKey } from './no-key.ts';

/** What a build is asked for, as far as the Dockerfile's stages depend on it. */
export interface BuildTarget {
  /** Path of the Dockerfile. */
  readonly file: string;
  readonly args: Readonly<Record<string, string>>;
  /** The stage that is built; the last one where it is undefined. */
  readonly target: string | undefined;
  /** What is built for, e.g. `linux/amd64`. */
  readonly platforms: readonly string[];
  /** What it is built on. */
  readonly buildPlatform: string;
}

/** What a build goes through. */
export interface BuildStages {
  /** The Dockerfile. */
  readonly text: string;
  /** Of every platform, those that the target needs. */
  readonly stages: readonly Stage[];
}

/**
 * The stages that a build goes through, where the Dockerfile and the build context tell what they make.
 *
 * @throws NoKey for another frontend, and for what may be something else at each build; DockerfileError or FileError for a Dockerfile that
 * can't be read
 */
export function buildStages({ file, args, target, platforms, buildPlatform }: BuildTarget): BuildStages {
  const text = readText(file, LIMITS.dockerfile, { lenient: true });
  const dockerfile = parseDockerfile(text);
  const syntax = args.BUILDKIT_SYNTAX ?? dockerfile.syntax;
  if (syntax && !/^(docker\.io\/)?docker\/dockerfile(-upstream)?([:@]|$)/.test(syntax))
    throw new NoKey(`the Dockerfile is for another frontend, ${syntax}`);
  const stages = platforms.flatMap((platform) =>
    stagesFor(readStages(dockerfile, { buildArgs: args, platform, buildPlatform }), target),
  );
  refuseUnknown(stages);
  return { text, stages };
}

/**
 * The images that stages start from or copy from, as the Dockerfile names them, but for `scratch` and named contexts.
 *
 * @param contexts names in lower case
 */
export function baseImages(
  stages: readonly Stage[],
  contexts: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const named = stages.flatMap(({ base, images }) => [
    ...(typeof base === 'string' ? [base] : []),
    ...images,
  ]);
  return new Set(named.filter((name) => name !== 'scratch' && !contexts.has(name.toLowerCase())));
}

function refuseUnknown(stages: readonly Stage[]): void {
  for (const { remotes, paths } of stages) {
    const [remote] = remotes;
    if (remote !== undefined)
      throw new NoKey(`ADD ${remote} may bring something else each time; give it a --checksum, or a commit`);
    const git = paths.find((path) => path !== undefined && /^(\.?\/)?\.git(\/|$)/.test(path));
    if (git) throw new NoKey(`the Dockerfile copies ${git}, which changes with every commit`);
  }
}
