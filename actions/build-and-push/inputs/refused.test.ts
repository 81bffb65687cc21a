import { expect, it } from 'vitest';
import { DECLARED } from '../declared-inputs.ts';
import { REFUSED } from './refused.ts';

/** Inputs of docker/build-push-action v1 to v7, docker/login-action v1 to v4 and docker/metadata-action v3 to v6. */
const PEERS = [
  'add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to call cgroup-parent context file github-token labels load network no-cache no-cache-filters outputs platforms provenance pull push sbom secret-envs secret-files secrets shm-size ssh tags target ulimit',
  'add_git_labels always_pull build_args cache_froms dockerfile password path registry repository tag_with_ref tag_with_sha username',
  'ecr logout registry-auth scope',
  'bake-target flavor images sep-annotations sep-labels sep-tags',
];

it.each(PEERS.join(' ').split(' '))('%s of a peer is an input here, or refused', (name) => {
  const here = name.replaceAll('-', '_');
  // Dashes are refused with the name that has underscores.
  expect(DECLARED.includes(here) || Object.hasOwn(REFUSED, name)).toBe(true);
});
