import type { TokenClient } from '@gangway/auth';
import type { BuildpacksInputs } from '../inputs/buildpacks.ts';
import type { Inputs } from '../inputs.ts';
import { type BuilderImage, findBuilderImage, GOOGLES } from './builder-image.ts';
import { packVersion } from './install-pack.ts';
import { buildpacksKey } from './key.ts';
import { type Project, readProject } from './project.ts';

/** How buildpacks are to build an image. */
export interface PackPlan {
  readonly buildpacks: BuildpacksInputs;
  readonly project: Project;
  readonly builder: BuilderImage;
  /** Version of pack. */
  readonly version: string;
  /** The key of the image. */
  key(): Promise<string>;
}

/**
 * Finds out what pack is to build with: the builder of the input, else of project.toml, else Google's.
 *
 * @param own the registry that the credentials are for
 * @throws ActionError for a project.toml that can't be read, or a pack that is not there
 */
export async function planPack(
  inputs: Inputs,
  buildpacks: BuildpacksInputs,
  own: string,
  auth: TokenClient,
  scratch: string,
): Promise<PackPlan> {
  const project = readProject(inputs.context);
  const name = buildpacks.builderImage ?? project.builder ?? GOOGLES;
  const [version, builder] = await Promise.all([
    packVersion(buildpacks.pack, scratch),
    findBuilderImage(name, own, auth),
  ]);
  const key = () => buildpacksKey(inputs, buildpacks, { project, builder, version });
  return { buildpacks, project, builder, version, key };
}
