import { createHash } from 'node:crypto';
import { IDENTITY_LABEL } from '@gangway/registry';
import type { BuildInputs } from './build.ts';
import type { BuildpacksInputs } from './buildpacks.ts';
import type { Context } from './context.ts';

/** The label that says what an image was built with, besides the sources. */
export const IDENTITY = IDENTITY_LABEL;

/** The inputs that decide what is in an image. */
interface Ingredients extends BuildInputs, Context {
  readonly labels: Readonly<Record<string, string>>;
  readonly buildpacks: BuildpacksInputs | undefined;
}

/**
 * Tells builds of one commit apart: a hash of every input that goes into the image. Secrets count by their names, as
 * their values must not be told, not even by a hash.
 */
export function buildIdentity(inputs: Ingredients): string {
  const {
    context,
    file,
    target,
    platforms,
    buildArgs,
    buildContexts,
    labels,
    annotations,
    secrets,
    secretFiles,
    buildpacks,
  } = inputs;
  const { network, addHosts, provenance, sbom, compression, reproducible } = inputs;
  const given = {
    files: [context, file],
    target,
    platforms: platforms.toSorted(),
    buildArgs: sorted(buildArgs),
    buildContexts: sorted(buildContexts),
    labels: sorted(labels),
    annotations: sorted(annotations),
    secrets: [...Object.keys(secrets), ...Object.keys(secretFiles)].toSorted(),
    network,
    addHosts: addHosts.toSorted(),
    output: { provenance, sbom, compression, reproducible },
    // What a Dockerfile is built with stays the same without it.
    ...(buildpacks && {
      buildpacks: [buildpacks.builderImage ?? '', sorted(buildpacks.env), buildpacks.pack],
    }),
  };
  return createHash('sha256').update(JSON.stringify(given)).digest('hex').slice(0, 32);
}

function sorted(pairs: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(pairs).sort(([one], [other]) => (one < other ? -1 : 1));
}
