import { expect, it } from 'vitest';
import { DECLARED } from '../declared-inputs.ts';
import { REFUSED } from './refused.ts';

/** Inputs of google-github-actions/deploy-cloudrun v0.2.0 to v3.0.1. */
const PEER =
  'credentials env_vars env_vars_file env_vars_update_strategy flags gcloud_component gcloud_version image job labels metadata no_traffic project_id region revision_traffic secrets secrets_update_strategy service skip_default_labels source suffix tag tag_traffic timeout update_traffic_flags wait';

it.each(PEER.split(' '))('%s of deploy-cloudrun is an input here, or refused', (name) => {
  expect(DECLARED.includes(name) || Object.hasOwn(REFUSED, name)).toBe(true);
});
