import type { Refused } from '@gangway/action';
import { REFUSED_SIGN_IN } from '@gangway/auth';
import { inputsForFlags } from './gcloud-flags.ts';

/** Inputs of google-github-actions/deploy-cloudrun, of all versions, that are none here, and flags written as inputs. */
export const REFUSED: Readonly<Record<string, Refused>> = {
  ...REFUSED_SIGN_IN,
  flags: { cure: inputsForFlags },
  update_traffic_flags: { cure: inputsForFlags },
  traffic_flags: { cure: inputsForFlags },
  source: {
    cure: 'build the image before, with build-and-push (without a Dockerfile: build: buildpacks), and write its output "image" under image',
  },
  skip_default_labels: {
    cure: 'write labels: "{}" to have none; or labels with managed-by and commit-sha, to set them otherwise',
    same: ['false'],
  },
  to_revision: { cure: 'write revision_traffic: REVISION=100' },
  to_revisions: { cure: 'write revision_traffic' },
  to_tags: { cure: 'write tag_traffic' },
  to_latest: { cure: 'write traffic: 100', same: ['false'] },
  allow_unauthenticated: { cure: 'write invokers: allUsers, with those that stay', same: ['false'] },
  no_allow_unauthenticated: {
    cure: 'leave it out: a new service is private; to take allUsers away, write invokers with those that stay',
    same: ['false'],
  },
  set_env_vars: { cure: 'write env_vars, with env_vars_update_strategy: overwrite' },
  update_env_vars: { cure: 'write env_vars' },
  set_secrets: { cure: 'write secrets, with secrets_update_strategy: overwrite' },
  update_secrets: { cure: 'write secrets' },
  revision_suffix: { cure: 'write suffix' },
  platform: { cure: 'leave it out: Cloud Run itself is the only one', same: ['managed'] },
};
