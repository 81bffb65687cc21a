import { createHash } from 'node:crypto';
import { asNoKey, digestContext, NoKey } from '@gangway/sources';
import type { BuildpacksInputs } from '../inputs/buildpacks.ts';
import type { Inputs } from '../inputs.ts';
import { pairs, withoutBuild } from '../sources/content-key.ts';
import { PLATFORM } from '../sources/platform.ts';
import type { BuilderImage } from './builder-image.ts';
import { packFilter } from './path-patterns.ts';
import type { Project } from './project.ts';

/** What the scheme below is called; another one makes other keys. */
const SCHEME = 1;

/**
 * The key of the image that buildpacks would make: the files that pack sends, project.toml, the builder and the image that it builds
 * on, the variables, and pack itself.
 *
 * @param version of pack
 * @throws NoKey when something that decides can't be told
 */
export async function buildpacksKey(
  inputs: Inputs,
  { env }: BuildpacksInputs,
  { project, builder, version }: { project: Project; builder: BuilderImage; version: string },
): Promise<string> {
  if (builder.digests instanceof NoKey) throw builder.digests;
  const content = {
    buildpacks: SCHEME,
    pack: version,
    platform: PLATFORM,
    images: builder.digests,
    context: await digestFiles(inputs.context, project),
    project: createHash('sha256').update(project.descriptor).digest('hex'),
    env: pairs(env),
    labels: pairs(withoutBuild(inputs.labels)),
    annotations: pairs(withoutBuild(inputs.annotations)),
    network: inputs.network ?? '',
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 40);
}

async function digestFiles(context: string, project: Project): Promise<string> {
  try {
    return await digestContext(context, packFilter(project));
  } catch (error) {
    throw asNoKey(error);
  }
}
