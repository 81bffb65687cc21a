import { ActionError, input, invalid, readTextFile, refuseUnknown } from '@gangway/action';
import { isLoopback } from '@gangway/http';
import { DECLARED } from './declared-inputs.ts';

export interface Inputs {
  /** Path of a seed file. */
  readonly seed: string | undefined;
  readonly services: readonly string[];
  readonly project: string;
  /** `OWNER/NAME` */
  readonly repository: string;
  readonly environment: string | undefined;
  readonly port: number;
  readonly realHosts: boolean;
  /** Milliseconds. */
  readonly operationTime: number;
  readonly dockerHost: string | undefined;
}

/** What the post step needs. */
export interface RecordInputs {
  readonly keep: 'failure' | 'always' | 'never';
  readonly name: string | undefined;
  /** Whether the job is known not to have succeeded so far. */
  readonly failed: boolean;
}

/** Bytes. */
const SEED_LIMIT = 1024 * 1024;
const SERVICE = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/;

export function readInputs(): Inputs {
  refuseUnknown(DECLARED);
  readRecordInputs();
  const seed = input.optional('seed');
  // The command reads it; here the input is named where the file is missing.
  if (seed) readTextFile(seed, { input: 'seed' }, { limit: SEED_LIMIT });
  const services = input.list('services');
  for (const service of services)
    if (!SERVICE.test(service))
      throw invalid(
        'services',
        service,
        `write full service names, e.g. ${service.split(/\W/)[0] || 'pubsub'}.googleapis.com`,
      );
  return {
    seed,
    services,
    project: input.matching(
      'project_id',
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      'write 6 to 30 lowercase letters, digits and dashes, a letter first',
    ),
    repository: readRepository(),
    environment: input.optional('environment'),
    port: input.integer('port', { min: 1, max: 65_535 }) ?? 0,
    realHosts: input.boolean('real_hosts'),
    operationTime: input.integer('operation_time', { min: 0, max: 3_600_000 }) ?? 0,
    dockerHost: readDockerHost(),
  };
}

/** Artifact names may not hold these (https://github.com/actions/upload-artifact). */
const FORBIDDEN = /["<>|*?:\\/\r\n]/;

export function readRecordInputs(): RecordInputs {
  const name = input.optional('artifact_name');
  if (name && FORBIDDEN.test(name))
    throw invalid('artifact_name', name, 'leave out " : < > | * ? \\ / and line breaks');
  return {
    keep: input.choice('keep_record', ['failure', 'always', 'never'] as const),
    name,
    // act fills a default in once, when the job has not failed yet: there, it can't be known.
    failed: input.optional('job_status') !== 'success' || process.env.ACT === 'true',
  };
}

/**
 * A job with `id-token: write` gets GitHub's own variables at each step, whatever earlier steps set: its actions would show the local
 * cloud tokens of the real GitHub.
 *
 * @throws ActionError `id-token`
 */
export function refuseGitHubTokens(): void {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url } = process.env;
  if (!url || isLoopback(new URL(url).hostname)) return;
  throw new ActionError(
    "This job has the permission `id-token: write`, with which the runner gives each step GitHub's own ID tokens. The local cloud does not accept them.",
    {
      code: 'id-token',
      hint: 'leave id-token out of the permissions of the jobs that use the local cloud: it gives them its own ID tokens',
    },
  );
}

function readRepository(): string {
  const given = input.optional('repository');
  const repository = given ?? process.env.GITHUB_REPOSITORY ?? '';
  if (/^[\w.-]+\/[\w.-]+$/.test(repository)) return repository;
  throw invalid('repository', repository, 'write OWNER/NAME, e.g. acme/shop');
}

function readDockerHost(): string | undefined {
  const host = input.optional('docker_host');
  if (host === undefined || /^(?:unix|tcp|http|npipe):\/\/./.test(host)) return host;
  throw invalid('docker_host', host, 'write it like unix:///var/run/docker.sock or tcp://HOST:PORT');
}
