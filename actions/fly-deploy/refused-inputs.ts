import type { Refused } from '@gangway/action';
import { REFUSED_SIGN_IN } from '@gangway/auth';

const BUILD = 'leave it out: build the image with build-and-push, and write its output "image" under image';
const MACHINE = 'write it under [[vm]] in fly.toml';
const FLYCTL =
  'leave it out: the action runs "flyctl deploy" itself, with fly.toml; run other commands in a step of their own';

/** Inputs of superfly/flyctl-actions and superfly/fly-pr-review-apps, of all versions, that are none here. */
export const REFUSED: Readonly<Record<string, Refused>> = {
  ...REFUSED_SIGN_IN,
  // superfly/flyctl-actions
  version: { cure: 'write flyctl_version' },
  args: { cure: FLYCTL },
  // superfly/fly-pr-review-apps
  name: { cure: 'write app; with pull_request: true, -pr-NUMBER is added to it' },
  'app-prefix': { cure: 'write app; with pull_request: true, -pr-NUMBER is added to it' },
  action: { cure: 'leave it out, or write pull_request: true for an app of each pull request' },
  path: { cure: 'write the whole path of fly.toml under config' },
  region: { cure: 'write primary_region in fly.toml' },
  postgres: { cure: 'attach the cluster in a step before, with "flyctl postgres attach"' },
  update: { cure: 'leave it out: the app is deployed at every push', same: ['true'] },
  build_args: { cure: BUILD },
  build_secrets: { cure: BUILD },
  vmsize: { cure: MACHINE },
  cpu: { cure: MACHINE },
  cpukind: { cure: MACHINE },
  memory: { cure: MACHINE },
  ha: { cure: 'leave it out, and scale the app with "flyctl scale count"' },
  launch_options: { cure: FLYCTL },
  deploy_options: { cure: FLYCTL },
};
