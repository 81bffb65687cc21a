import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A, type ComputeJob, RUNTIME, startComputeJob, writesIn } from '../helpers/compute/compute-job.ts';
import { pushImage } from '../helpers/push-image.ts';
import { owner } from '../helpers/run-job.ts';

let compute: ComputeJob;
const PROJECT = 'projects/demo-project';
const runtime = `serviceAccount:${RUNTIME}`;
/** A step's warnings. */
const warningsOf = async (inputs: Readonly<Record<string, string>>) =>
  (await compute.deploy({ dry_run: 'true', ...inputs })).annotations
    .filter(({ level }) => level === 'warning')
    .map(({ message }) => message);

beforeAll(async () => {
  compute = await startComputeJob();
  const repository = 'services';
  await owner(
    compute.job,
    'POST',
    `v1/${PROJECT}/locations/us-central1/repositories?repositoryId=${repository}`,
    { format: 'DOCKER' },
  );
});
afterAll(() => compute[Symbol.asyncDispose]());

describe('the account of the machine', () => {
  it('is not judged where the step may not read policies', async () => {
    expect(await warningsOf({ instance: 'new', log_driver: 'gcplogs' })).toEqual([]);
  });

  it.each([{ instance: 'new' }, { group: 'new' }])(
    '%o is warned of before anything is written',
    async (what) => {
      compute.job.cloud.iam.grant(
        PROJECT,
        'roles/iam.securityReviewer',
        `serviceAccount:${compute.job.exports.GANGWAY_SERVICE_ACCOUNT}`,
      );
      let warnings: readonly string[] = [];
      const requests = await compute.job.requests(async () => {
        warnings = await warningsOf({ ...what, log_driver: 'gcplogs' });
      });
      expect(writesIn(requests)).toEqual([]);
      expect(warnings).toHaveLength(2);
      expect(warnings[0]).toContain(`${RUNTIME}, which the machine pulls as, has no role on`);
      expect(warnings[0]).toContain('--role=roles/artifactregistry.reader');
      expect(warnings[1]).toContain(
        `${RUNTIME}, which the machine writes logs as, has no role on the project`,
      );
      expect(warnings[1]).toContain('gcloud projects add-iam-policy-binding demo-project');
    },
  );

  it('is not asked for a role to log where it logs to files', async () => {
    expect(await warningsOf({ instance: 'new', log_driver: 'local' })).toHaveLength(1);
  });

  it('is enough with both roles, on the project', async () => {
    compute.job.cloud.iam.grant(PROJECT, 'roles/artifactregistry.reader', runtime);
    compute.job.cloud.iam.grant(PROJECT, 'roles/logging.logWriter', runtime);
    expect(await warningsOf({ instance: 'new', log_driver: 'gcplogs' })).toEqual([]);
  });

  it('is warned of when it is that of Compute Engine, and there may be none', async () => {
    const [warning] = await warningsOf({ instance: 'new', runtime_service_account: 'default' });
    expect(warning).toContain("runs as Compute Engine's default service account");
    expect(await warningsOf({ instance: 'new', runtime_service_account: 'none' })).toEqual([]);
  });

  it('needs an access scope to log by, which a restart does not change', async () => {
    await compute.write('POST', 'zones/us-central1-a/instances', {
      name: 'scoped',
      machineType: 'zones/us-central1-a/machineTypes/e2-micro',
      disks: [
        {
          boot: true,
          initializeParams: { sourceImage: 'projects/cos-cloud/global/images/family/cos-125-lts' },
        },
      ],
      networkInterfaces: [{ network: 'global/networks/default' }],
      serviceAccounts: [{ email: RUNTIME, scopes: ['https://www.googleapis.com/auth/devstorage.read_only'] }],
    });
    await expect
      .poll(async () => (await compute.inZone<{ status: string }>('instances/scoped')).status)
      .toBe('RUNNING');
    const { annotations } = await compute.deploy(
      { instance: 'scoped', log_driver: 'gcplogs' },
      { fails: true },
    );
    expect(annotations[0]?.message).toContain("The access scopes of scoped don't let it write logs.");
  });
});

describe('a milestone of Container-Optimized OS', () => {
  it('that gets no new images is warned of, and one that does is not', async () => {
    const aged = { image_family: 'cos-117-lts', runtime_service_account: 'none' };
    expect(await warningsOf({ instance: 'new', ...aged })).toEqual([
      expect.stringMatching(
        /^cos-117-18613-339-93, the newest image of cos-117-lts, is 150 days old, so .*newer/,
      ),
    ]);
    expect(await warningsOf({ group: 'new', ...aged })).toHaveLength(1);
    expect(await warningsOf({ instance: 'new', runtime_service_account: 'none' })).toEqual([]);
  });

  it('that Google has retired is an error that says where the others are', async () => {
    const { annotations } = await compute.deploy(
      { instance: 'new', image_family: 'cos-113-lts' },
      { fails: true },
    );
    expect(annotations[0]?.message).toContain('Container-Optimized OS has no family cos-113-lts.');
    expect(annotations[0]?.message).toContain('--project=cos-cloud');
  });
});

describe('a tag', () => {
  it('is resolved to the digest that it names when the step runs', async () => {
    const repository = A.replace(/@.*$/, '');
    const { digest } = await pushImage(compute.job, repository, {}, 'v1');
    const { log, outputs } = await compute.deploy({
      instance: 'new',
      image: `${repository}:v1`,
      dry_run: 'true',
    });
    expect(log).toContain(`${repository}@${digest}`);
    expect(outputs.image).toBe(`${repository}@${digest}`);
  });

  it('of another registry is refused, and one that is not there is told', async () => {
    const other = await compute.deploy(
      { instance: 'new', image: 'docker.io/library/nginx:1' },
      { fails: true },
    );
    expect(other.annotations[0]?.message).toContain('write it with its digest');
    const image = `${A.replace(/@.*$/, '')}:none`;
    const missing = await compute.deploy({ instance: 'new', image }, { fails: true });
    expect(missing.annotations[0]?.message).toContain(image);
  });
});
