import { ActionError, input, invalid } from '@gangway/action';
import type { Reference } from '@gangway/registry';
import { readReference } from './reference.ts';

/** Inputs that say how an image is built, each empty or with this default where none is. */
const OF_A_BUILD: Readonly<Record<string, string>> = {
  context: '.',
  file: '',
  target: '',
  stages: '',
  labels: '',
  build_args: '',
  secrets: '',
  secret_envs: '',
  secret_files: '',
  ssh: '',
  build_contexts: '',
  platforms: '',
  annotations: '',
  network: '',
  add_hosts: '',
  ulimits: '',
  shm_size: '',
  allow: '',
  builder: '',
  provenance: 'false',
  sbom: 'false',
  compression: 'auto',
  reproducible: 'false',
};

/**
 * The image that is to be copied in place of a build.
 *
 * @returns undefined where an image is built
 * @throws ActionError where it is no image, or an input says how to build one
 */
export function readFromImage(): Reference | undefined {
  const text = input.optional('from_image');
  if (!text) return undefined;
  // One that says neither tag nor digest is most likely a slip.
  const reference = /[:@][^/]*$/.test(text) ? readReference(text) : undefined;
  if (!reference)
    throw invalid(
      'from_image',
      text,
      'write HOST/PATH@sha256:DIGEST, such as the output image of a build, or HOST/PATH:TAG',
    );
  for (const [other, standard] of Object.entries(OF_A_BUILD)) {
    const value = input.optional(other) ?? '';
    if (value !== standard && value !== '')
      throw new ActionError(`Input "${other}" says how to build, and from_image builds nothing.`, {
        code: 'input-invalid',
        hint: `leave ${other} out with from_image, which copies an image as it is`,
      });
  }
  return reference;
}
