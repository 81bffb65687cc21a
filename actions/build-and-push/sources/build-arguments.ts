import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import {
  argumentNames,
  type Dockerfile,
  DockerfileError,
  parseDockerfile,
  readStages,
  stagesFor,
} from '@gangway/dockerfile';
import { FileError, LIMITS, readText } from '@gangway/files';
import { baseImages } from '@gangway/sources';
import type { Inputs } from '../inputs.ts';
import { triggersOf } from './base-images.ts';
import { PLATFORM, platformsOf } from './platform.ts';

type Args = Readonly<Record<string, string>>;

/**
 * The build arguments that reach the build: what an ARG declares, in the Dockerfile or by ONBUILD in an image that a stage
 * starts from, and what builders know by themselves, proxies aside. The base images are asked only about arguments that the
 * Dockerfile does not declare; one that can't be asked may declare them all. Warns of those that nothing declares: a builder
 * passes them by, and often without a word.
 *
 * @param own the registry that the credentials are for
 */
export async function reachingArguments(inputs: Inputs, own: string, auth: TokenClient): Promise<Args> {
  const { buildArgs } = inputs;
  const names = Object.keys(buildArgs);
  const known = names.filter((name) => BUILDERS_OWN.test(name));
  const dockerfile = known.length < names.length ? read(inputs.file) : undefined;
  const declared = dockerfile ? argumentNames(dockerfile) : undefined;
  // A proxy that an ARG declares is an argument like any other.
  const given = names.filter((name) => !PROXY.test(name) || declared?.has(name));
  const rest = given.filter((name) => !BUILDERS_OWN.test(name));
  if (!dockerfile || !declared) return pick(buildArgs, given);
  const open = rest.filter((name) => !declared.has(name));
  const inBases = open.length > 0 ? await namesInBases(dockerfile, inputs, own, auth) : new Set<string>();
  if (!inBases) return pick(buildArgs, given);
  const unknown = open.filter((name) => !inBases.has(name));
  for (const name of unknown) warn(name, inputs.file);
  return pick(buildArgs, [...known, ...rest.filter((name) => !unknown.includes(name))]);
}

/** They change no image by themselves (https://docs.docker.com/reference/dockerfile/#predefined-args). */
const PROXY = /^(https?|ftp|no|all)_proxy$/i;
const BUILDERS_OWN =
  /^(BUILDKIT_|BUILDX_|SOURCE_DATE_EPOCH$|TARGET(PLATFORM|OS|ARCH|VARIANT|STAGE)$|BUILD(PLATFORM|OS|ARCH|VARIANT)$)/;

function read(file: string): Dockerfile | undefined {
  try {
    return parseDockerfile(readText(file, LIMITS.dockerfile, { lenient: true }));
  } catch (error) {
    // The builder says it better, on the line.
    if (error instanceof DockerfileError || error instanceof FileError) return undefined;
    throw error;
  }
}

/** What the ONBUILD instructions of base images declare; undefined where one does not tell. */
async function namesInBases(
  dockerfile: Dockerfile,
  inputs: Inputs,
  own: string,
  auth: TokenClient,
): Promise<Set<string> | undefined> {
  const names = new Set<string>();
  const contexts = new Set(Object.keys(inputs.buildContexts).map((name) => name.toLowerCase()));
  for (const platform of platformsOf(inputs)) {
    const bases = basesFor(dockerfile, inputs, platform, contexts);
    if (!bases) return undefined;
    for (const base of bases) {
      const triggers = await triggersOf(base, platform, own, auth);
      const declared = triggers && namesIn(triggers);
      if (!declared) return undefined;
      for (const name of declared) names.add(name);
    }
  }
  return names;
}

function basesFor(
  dockerfile: Dockerfile,
  { buildArgs, target }: Inputs,
  platform: string,
  contexts: ReadonlySet<string>,
): ReadonlySet<string> | undefined {
  try {
    const stages = readStages(dockerfile, { buildArgs, platform, buildPlatform: PLATFORM });
    const wanted = stagesFor(stages, target);
    // A stage may start from a named context, which can be any image.
    if (wanted.some(({ base }) => typeof base === 'string' && contexts.has(base.toLowerCase())))
      return undefined;
    // What a stage only copies from has no say.
    return baseImages(
      wanted.map((stage) => ({ ...stage, images: [] })),
      contexts,
    );
  } catch (error) {
    if (error instanceof DockerfileError) return undefined;
    throw error;
  }
}

function namesIn(triggers: readonly string[]): Set<string> | undefined {
  if (triggers.length === 0) return new Set();
  try {
    return argumentNames(parseDockerfile(triggers.join('\n')));
  } catch (error) {
    if (error instanceof DockerfileError) return undefined;
    throw error;
  }
}

function warn(name: string, file: string): void {
  const bare = /^'([\w.-]+)$/.exec(name)?.[1];
  const cure = bare
    ? `write ${bare}=VALUE, without quotes around the line`
    : `add "ARG ${name}" to the stage that uses it, or leave it out of build_args`;
  log.warning(
    `Build argument ${name}: no ARG of ${file} declares it, so it changes nothing.\nTo fix it: ${cure}.`,
  );
}

function pick(args: Args, names: readonly string[]): Args {
  return Object.fromEntries(names.map((name) => [name, args[name] ?? '']));
}
