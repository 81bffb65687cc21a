import { type Job, startJob } from '../job.ts';
import { owner } from '../run-job.ts';
import { type ComputeMachines, computeMachines, imageOf } from './compute-machines.ts';

const ZONE = 'us-central1-a';
const HOME = 'compute/v1/projects/demo-project';
export const RUNTIME = 'runtime@demo-project.iam.gserviceaccount.com';

/** Images by digest, which need not be there: machines of tests pull none. */
export const [A, B, BROKEN, SICK] = ['a', 'b', 'c', 'd'].map(imageOf) as [string, string, string, string];

/** A job that deploys to Compute Engine, on machines that tell what theirs would. */
export interface ComputeJob extends AsyncDisposable {
  readonly job: Job;
  readonly machines: ComputeMachines;
  deploy(
    inputs: Readonly<Record<string, string>>,
    options?: Parameters<Job['step']>[2],
  ): ReturnType<Job['step']>;
  /** What the API shows at a path below the project. */
  show<T>(path: string): Promise<T>;
  /** What is at a path below the zone. */
  inZone<T>(path: string): Promise<T>;
  write(method: string, path: string, body?: unknown): Promise<unknown>;
}

export async function startComputeJob(options: Parameters<typeof startJob>[0] = {}): Promise<ComputeJob> {
  const job = await startJob({ simulateMachines: true, ...options });
  const machines = computeMachines(job);
  await owner(job, 'POST', 'v1/projects/demo-project/serviceAccounts', { accountId: 'runtime' });
  job.cloud.iam.grant(
    `projects/demo-project/serviceAccounts/${RUNTIME}`,
    'roles/iam.serviceAccountUser',
    `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`,
  );
  const show = async <T>(path: string) => (await owner(job, 'GET', `${HOME}/${path}`)) as T;
  return {
    job,
    machines,
    deploy: (inputs, stepOptions = {}) =>
      job.step(
        'deploy-compute',
        { zone: ZONE, image: A, runtime_service_account: RUNTIME, ...inputs },
        stepOptions,
      ),
    show,
    inZone: (path) => show(`zones/${ZONE}/${path}`),
    write: (method, path, body) => owner(job, method, `${HOME}/${path}`, body),
    async [Symbol.asyncDispose]() {
      await machines[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
    },
  };
}

/** The requests that change something. */
export function writesIn(requests: readonly string[]): readonly string[] {
  return requests.filter(
    (request) =>
      !request.startsWith('GET') &&
      !/generateAccessToken|\/v1\/token|getIamPolicy|listManagedInstances/.test(request),
  );
}

/** The items of a metadata by their keys. */
export function metadataOf({
  metadata,
}: {
  readonly metadata: { readonly items: readonly { key: string; value: string }[] };
}): Record<string, string> {
  return Object.fromEntries(metadata.items.map(({ key, value }) => [key, value]));
}
