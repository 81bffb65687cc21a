import type { Mapping, Table } from './mapping.ts';

const kept = (why: string, ...names: readonly string[]): Mapping[] =>
  names.map((name) => ({ from: `--${name}`, left: why, alone: true }));
/** Flags that have no input, and go on as they are. */
const passed = (...names: readonly string[]): Mapping[] =>
  names.map((name) => ({ from: `--${name}`, to: 'flyctl_args' }));
const passedAlone = (...names: readonly string[]): Mapping[] =>
  names.map((name) => ({ from: `--${name}`, to: 'flyctl_args', alone: true }));

/** `flyctl deploy`. */
export const FLYCTL_DEPLOY: Table = {
  source: 'flyctl deploy',
  action: 'fly-deploy',
  mappings: [
    { from: '--app', also: ['-a'], to: 'app' },
    { from: '--config', also: ['-c'], to: 'config' },
    { from: '--image', also: ['-i'], to: 'image' },
    { from: '--remote-only', to: 'remote_only', as: 'true', alone: true },
    { from: '--depot', to: 'remote_only', as: 'true', alone: true, unless: ['false'] },
    { from: '--local-only', left: 'it is the default: the Docker of the runner builds', alone: true },
    { from: '--dockerfile', to: 'dockerfile' },
    { from: '--ignorefile', to: 'ignorefile' },
    { from: '--build-target', also: ['--target'], to: 'build_target' },
    { from: '--build-arg', to: 'build_args', as: 'lines' },
    { from: '--no-cache', to: 'no_cache', as: 'true', alone: true },
    { from: '--strategy', to: 'strategy' },
    { from: '--ha', to: 'ha', as: 'true', alone: true },
    { from: '--env', also: ['-e'], to: 'env', as: 'lines' },
    { from: '--org', also: ['-o'], to: 'org' },
    { from: '--primary-region', also: ['--region', '-r'], to: 'region' },
    { from: '--regions', also: ['--only-regions'], to: 'regions', as: 'list' },
    { from: '--process-groups', to: 'process_groups', as: 'list' },
    { from: '--update-only', to: 'update_only', as: 'true', alone: true },
    { from: '--vm-size', to: 'vm_size' },
    { from: '--vm-memory', also: ['--memory'], to: 'vm_memory' },
    { from: '--vm-cpus', also: ['--cpus'], to: 'vm_cpus' },
    { from: '--vm-cpu-kind', also: ['--vm-cpukind'], to: 'vm_cpu_kind' },
    { from: '--wait-timeout', to: 'wait_timeout', as: 'seconds' },
    { from: '--access-token', also: ['-t'], to: 'api_token' },
    ...kept('the step asks nothing', 'yes', 'auto-confirm', 'now'),
    { from: '-y', left: 'the step asks nothing', alone: true },
    { from: '--push', left: 'the step pushes what it builds', alone: true },
    ...kept("the log is the step's", 'verbose', 'debug'),
    { from: '--deploy-retries', left: 'the step tries again what may be tried again' },
    ...passed('max-concurrent', 'max-unavailable', 'lease-timeout', 'release-command-timeout', 'label'),
    ...passed(
      'vm-gpu-kind',
      'vm-gpus',
      'volume-initial-size',
      'exclude-regions',
      'exclude-machines',
      'only-machines',
    ),
    ...passed(
      'image-label',
      'signal',
      'file-local',
      'file-literal',
      'file-secret',
      'compression',
      'host-dedication-id',
    ),
    ...passedAlone('skip-release-command', 'no-public-ips', 'flycast', 'buildkit', 'recreate-builder', 'wg'),
    ...passedAlone('smoke-checks', 'no-extensions'),
    { from: '--detach', stays: 'does not wait, so that a failed deploy passes', alone: true },
    { from: '--build-only', stays: 'builds and deploys nothing', alone: true },
    {
      from: '--build-secret',
      stays:
        'hands a build secret over as an argument: build the image with build-and-push, which takes it as a file',
    },
    { from: '--nixpacks', stays: 'fetches an install script of Nixpacks and runs it', alone: true },
  ],
};

/** superfly/fly-pr-review-apps. */
export const REVIEW_APPS: Table = {
  source: 'superfly/fly-pr-review-apps',
  action: 'fly-deploy',
  mappings: [
    {
      from: 'name',
      to: 'app',
      differs:
        'Without the number of the pull request, which is added as `-pr-NUMBER`. A name that is made otherwise stays, since the apps that are there would not be found again.',
    },
    { from: 'region', to: 'region' },
    { from: 'org', to: 'org' },
    { from: 'config', to: 'config' },
    { from: 'image', to: 'image' },
    { from: 'path', to: 'working_directory' },
    { from: 'postgres', to: 'postgres', differs: "A database that can't be attached fails the step." },
    { from: 'secrets', to: 'secrets', differs: 'One per line, not separated by spaces.' },
    { from: 'build_args', to: 'build_args', differs: 'One per line, not separated by spaces.' },
    { from: 'vmsize', to: 'vm_size' },
    { from: 'cpu', to: 'vm_cpus', differs: 'There the default is 1; here it is what fly.toml says.' },
    {
      from: 'cpukind',
      to: 'vm_cpu_kind',
      differs: 'There the default is `shared`; here it is what fly.toml says.',
    },
    {
      from: 'memory',
      to: 'vm_memory',
      differs: 'There the default is 256 MB; here it is what fly.toml says.',
    },
    { from: 'ha', to: 'ha', unless: ['false'] },
    { from: 'deploy_options', parts: 'the input of each flag of `flyctl deploy`' },
    {
      from: 'update',
      left: 'the app is deployed at every push',
      unless: ['true'],
      stays: 'deploys only the first time',
    },
    {
      from: 'build_secrets',
      stays:
        'hands build secrets over as arguments: build the image with build-and-push, which takes them as files',
    },
    { from: 'launch_options', stays: 'sets flags of "flyctl launch", which the action does not run' },
  ],
};

/** superfly/flyctl-actions: what installs flyctl, and what runs it. */
export const FLYCTL_ACTIONS: Table = {
  source: 'superfly/flyctl-actions',
  action: 'fly-deploy',
  mappings: [
    {
      from: 'args',
      parts: 'the input of each flag of `deploy`',
      differs: 'With another command of flyctl, the step stays.',
    },
    {
      from: 'version',
      left: 'fly-deploy brings a version of its own, whose digest it checks; flyctl_version names another',
    },
  ],
};
