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
  // its forks
  vm: { cure: 'write vm_size' },
  count: { cure: 'leave it out: each process group gets one machine, and two with ha: true', same: ['1'] },
  env_vars: { cure: 'write env, one NAME=VALUE per line' },
  private_app: { cure: 'write --no-public-ips under flyctl_args', same: ['false'] },
  flycast: { cure: 'write --flycast under flyctl_args', same: ['false'] },
  flycast_into_org: {
    cure: 'leave it out, and run "fly ips allocate-v6 --private --org ORG" in a step after this one, with the output name',
  },
  postgres_db_name: { cure: 'leave it out: the database is named after the app, which has it for itself' },
  postgres_source_app: { cure: 'leave it out: each app gets an empty database in the cluster of postgres' },
  volume: { cure: 'leave it out: flyctl creates the volumes that fly.toml names under [mounts]' },
};
