import { ActionError, input, invalid } from '@gangway/action';
import { formatImageName, parseImageName, parseReference, type Reference } from '@gangway/registry';

/** Inputs that say how an image is built, each empty or with this default where none is. */
const OF_A_BUILD: Readonly<Record<string, string>> = {
  context: '.',
  file: '',
  target: '',
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
  const [, name = '', rest = ''] = /^(.*?)((?::[\w.-]+)?(?:@.*)?)$/.exec(text) ?? [];
  // Google writes the project of a domain with a colon, which Docker does not know.
  const known = parseImageName(name);
  const reference = rest ? parseReference(`${known ? formatImageName(known) : name}${rest}`) : undefined;
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
