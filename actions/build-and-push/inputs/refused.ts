import type { Refused } from '@gangway/action';
import { REFUSED_SIGN_IN } from '@gangway/auth';

const CACHE =
  'leave it out: builds keep their cache in the registry by themselves; the input cache says where';
const PUSHED = 'leave it out: the image is pushed to the registry that the input image names';
const SIGN_IN =
  'leave it out: the action signs in to Artifact Registry by itself; sign in to registries of base images with docker/login-action, in a step before';

/** Inputs of docker/build-push-action, docker/login-action and docker/metadata-action, of all versions, that are none here. */
export const REFUSED: Readonly<Record<string, Refused>> = {
  ...REFUSED_SIGN_IN,
  // docker/build-push-action
  push: { cure: 'leave it out: every build is pushed; run the step only where it is to be', same: ['true'] },
  load: { cure: 'leave it out: pull the output "image" where it is needed', same: ['false'] },
  outputs: { cure: PUSHED },
  'cache-from': { cure: CACHE },
  'cache-to': { cure: CACHE },
  'no-cache-filters': { cure: 'write no_cache: true, which builds all stages again' },
  attests: { cure: 'write provenance and sbom' },
  call: { cure: 'leave it out, and run "docker buildx build --call" in a step of its own', same: ['build'] },
  'cgroup-parent': { cure: 'leave it out: it is a setting of the builder' },
  'github-token': {
    cure: 'leave it out, and check out with actions/checkout; write a token for the build under secrets',
  },
  ulimit: { cure: 'write ulimits' },
  add_git_labels: { cure: 'leave it out: labels contain the commit', same: ['true'] },
  always_pull: { cure: 'write pull: true', same: ['false'] },
  cache_froms: { cure: CACHE },
  dockerfile: { cure: 'write file' },
  path: { cure: 'write context' },
  repository: { cure: 'write image, with the host of the registry' },
  tag_with_ref: { cure: 'write tags: branch, tag, pr', same: ['false'] },
  tag_with_sha: { cure: 'write tags: sha', same: ['false'] },
  // docker/login-action
  registry: { cure: SIGN_IN },
  username: { cure: SIGN_IN },
  password: { cure: SIGN_IN },
  ecr: { cure: SIGN_IN, same: ['auto', 'false'] },
  scope: { cure: SIGN_IN },
  logout: { cure: SIGN_IN, same: ['true'] },
  'registry-auth': { cure: SIGN_IN },
  // docker/metadata-action
  images: { cure: 'write image, one without a tag' },
  'sep-tags': { cure: 'leave it out: outputs have one tag per line' },
  'sep-labels': { cure: 'leave it out: labels go into the image' },
  'sep-annotations': { cure: 'leave it out: annotations go into the manifest' },
  'bake-target': { cure: 'leave it out: the action builds the image itself' },
};
