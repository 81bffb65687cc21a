import { parseArgs } from 'node:util';
import type { CloudOptions } from '../cloud-options.ts';
import { PROJECT_ID } from '../kernel/resources/project-id.ts';
import type { Job } from '../kernel/service/job.ts';

export const USAGE = `Usage: npm run emulator -- [options]

Runs a local Google Cloud with GitHub's OIDC, and a local Fly.io, on one port of 127.0.0.1: API Gateway, Cloud
Run, Artifact Registry, Service Usage, API Keys, IAM and the token services; the Machines API, GraphQL and
registry.fly.io. Control-C stops it and everything that it started.

  --port N              port to listen on (default: a free one)
  --env-file PATH       where to write the shell exports once ready (default: in a temporary folder)
  --project ID          id of the project (default: demo-project)
  --bare                start with a new project, without a deployer or a pool, and with few APIs enabled
  --repository OWNER/NAME  repository of the job whose OIDC variables are exported (default: example/fastapi-on-cloud-run)
  --ref REF             ref of that job (default: refs/heads/main; refs/pull/1/merge for a pull request)
  --event NAME          event of that job, such as pull_request (default: push)
  --environment NAME    GitHub environment of that job (default: none)
  --called-workflow REF reusable workflow that the job is in, OWNER/NAME/.github/workflows/FILE@REF (default: none)
  --operation-time MS   how long every long-running operation takes, in milliseconds (default: 0)
  --data DIR            keep everything in this folder, and start with what is in it (default: keep nothing)
  --host NAME           another host name to answer for, or *.NAME for all its subdomains; repeatable
  --real-hosts          also be an HTTPS proxy, for clients that know only the real host names
  --verbose             print a line for each request, including those to deployed services
  --docker-host URL     Docker Engine that runs the Cloud Run services and Fly.io's machines (default: DOCKER_HOST, then the usual socket)
  --help                this text
`;

export interface CommandLine {
  readonly help: boolean;
  readonly envFile: string | undefined;
  /** Whether each request gets a line. */
  readonly verbose: boolean;
  readonly options: CloudOptions;
}

/** A mistake in the arguments: its message names the flag. */
export class UsageError extends Error {}

/** @throws UsageError for an unknown flag or a value that cannot be */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const {
    port,
    project,
    bare = false,
    help = false,
    'real-hosts': realHosts = false,
    verbose = false,
    host: hosts = [],
    ...rest
  } = flags(args);
  const operationTime = rest['operation-time'];
  const dockerHost = rest['docker-host'];
  if (project !== undefined && !PROJECT_ID.test(project)) {
    throw new UsageError(
      '--project must be 6 to 30 lowercase letters, digits and dashes, starting with a letter',
    );
  }
  const noHost = hosts.find((host) => !/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(host));
  if (noHost !== undefined)
    throw new UsageError(`--host must be a host name, or *. and one, without a port, and is "${noHost}"`);
  if (rest.data === '') throw new UsageError('--data must be the path of a folder, not ""');
  if (dockerHost !== undefined && !/^(?:unix|tcp|http):\/\//.test(dockerHost)) {
    throw new UsageError('--docker-host must be like unix:///var/run/docker.sock or tcp://HOST:PORT');
  }
  const job = jobOf(rest);
  return {
    help,
    envFile: rest['env-file'],
    verbose,
    options: {
      ...(port !== undefined && { port: whole('--port', port, 65_535) }),
      ...(project !== undefined && { project }),
      ...(bare && { bare }),
      ...(realHosts && { realHosts }),
      ...(Object.keys(job).length > 0 && { job }),
      ...(operationTime !== undefined && {
        operationTime: whole('--operation-time', operationTime, 86_400_000),
      }),
      ...(dockerHost !== undefined && { dockerHost }),
      ...(rest.data !== undefined && { data: rest.data }),
      ...(hosts.length > 0 && { hosts }),
    },
  };
}

function flags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'env-file': { type: 'string' },
        project: { type: 'string' },
        bare: { type: 'boolean' },
        'real-hosts': { type: 'boolean' },
        verbose: { type: 'boolean' },
        repository: { type: 'string' },
        ref: { type: 'string' },
        event: { type: 'string' },
        environment: { type: 'string' },
        'called-workflow': { type: 'string' },
        'operation-time': { type: 'string' },
        data: { type: 'string' },
        host: { type: 'string', multiple: true },
        'docker-host': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What the flags say of the job. @throws UsageError */
function jobOf({ repository, ref, event, environment, ...rest }: Partial<Record<string, string>>): Job {
  const calledWorkflow = rest['called-workflow'];
  const forms = [
    ['--repository', repository, /^[\w.-]+\/[\w.-]+$/, 'OWNER/NAME'],
    [
      '--ref',
      ref,
      /^refs\/(?:heads|tags|pull)\/.+$/,
      'like refs/heads/main, refs/tags/v1 or refs/pull/1/merge',
    ],
    ['--event', event, /^[a-z_]+$/, 'the name of an event, such as pull_request'],
    [
      '--called-workflow',
      calledWorkflow,
      /^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[^/@]+\.ya?ml@.+$/,
      'like OWNER/NAME/.github/workflows/FILE.yml@refs/heads/main',
    ],
  ] as const;
  for (const [flag, value, form, what] of forms)
    if (value !== undefined && !form.test(value))
      throw new UsageError(`${flag} must be ${what}, not "${value}"`);
  return {
    ...(repository && { repository }),
    ...(ref && { ref }),
    ...(event && { event }),
    ...(environment && { environment }),
    ...(calledWorkflow && { calledWorkflow }),
  };
}

function whole(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new UsageError(`${flag} must be a whole number from 0 to ${most}, not "${text}"`);
}
