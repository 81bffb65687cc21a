import { describe, expect, it } from 'vitest';
import { DECLARED } from '../declared-inputs.ts';
import { inputsForFlags } from './gcloud-flags.ts';
import { REFUSED } from './refused.ts';

/** Inputs of google-github-actions/deploy-cloudrun v0.2.0 to v3.0.1. */
const PEER =
  'credentials env_vars env_vars_file env_vars_update_strategy flags gcloud_component gcloud_version image job labels metadata no_traffic project_id region revision_traffic secrets secrets_update_strategy service skip_default_labels source suffix tag tag_traffic timeout update_traffic_flags wait';

it.each(PEER.split(' '))('%s of deploy-cloudrun is an input here, or refused', (name) => {
  expect(DECLARED.includes(name) || Object.hasOwn(REFUSED, name)).toBe(true);
});

describe('the cure for flags', () => {
  it.each([
    [
      '--cpu=2 --allow-unauthenticated "--args=-X=123"',
      'for --cpu write cpu; for --allow-unauthenticated write invokers: allUsers; for --args write args, one per line',
    ],
    [
      '--set-env-vars KEY=--secret --quiet --service-account=a@b',
      'for --set-env-vars write env_vars, with env_vars_update_strategy: overwrite; leave out --quiet; for --service-account write runtime_service_account',
    ],
    ['--mesh=m', 'for --mesh see the README, or write it into the file of metadata'],
    ['x', 'write the inputs that the flags have here, as the README lists them'],
  ])('%s', (flags, cure) => expect(inputsForFlags(flags)).toBe(cure));

  it('names inputs that there are', () => {
    const named = inputsForFlags(
      '--cpu --memory --tag --to-tags --to-revisions --to-latest --execute-now --revision-suffix --timeout --env-vars-file',
    );
    for (const [, name = ''] of named.matchAll(/write ([a-z_]+)/g)) expect(DECLARED).toContain(name);
  });
});
