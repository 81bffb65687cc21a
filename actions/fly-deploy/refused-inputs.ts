import type { Refused } from '@gangway/action';
import { REFUSED_SIGN_IN } from '@gangway/auth';

const BUILD =
  'leave it out: flyctl takes build secrets only as arguments, which other programs can read; build the image with build-and-push, and write its output "image" under image';
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
  path: { cure: 'write working_directory' },
  update: { cure: 'leave it out: the app is deployed at every push', same: ['true'] },
  build_secrets: { cure: BUILD },
  vmsize: { cure: 'write vm_size' },
  cpu: { cure: 'write vm_cpus' },
  cpukind: { cure: 'write vm_cpu_kind' },
  memory: { cure: 'write vm_memory' },
  launch_options: { cure: FLYCTL },
  deploy_options: { cure: 'write flyctl_args' },
};
