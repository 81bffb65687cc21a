import { describe, expect, it } from 'vitest';
import { planStep } from './plan-step.ts';

const plan = planStep('deploy-cloud-run.yml');
const NAME = 'us-central1-docker.pkg.dev/my-project/apis/forecast';
const DIGEST = `${NAME}@sha256:${'a'.repeat(64)}`;
const GIVEN = { PROJECT_ID: 'my-project', REGION: 'us-central1', SERVICE: 'forecast', REPOSITORY: 'apis' };
const API = { ...GIVEN, GATEWAY: 'true', GATEWAY_SERVICE_ACCOUNT: 'gateway@example', SPEC: 'openapi.yaml' };

describe('the first step of deploy-cloud-run.yml', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['builds under the name of the service', {}, { build: 'true', image_name: NAME, region: 'us-central1' }],
    ['or of the job', { SERVICE: '', JOB: 'forecast' }, { image_name: NAME }],
    [
      'or of the worker pool',
      { SERVICE: '', WORKER_POOL: 'forecast', MIGRATE_COMMAND: 'bin/migrate' },
      { image_name: NAME, migrate_job: 'forecast-migrate' },
    ],
    [
      'takes the first of several regions',
      { REGION: 'us-central1, europe-west1' },
      { region: 'us-central1' },
    ],
    [
      'also one per line',
      { REGION: '\n  us-central1\n  europe-west1\n' },
      { region: 'us-central1', image_name: NAME },
    ],
    ['pushes elsewhere', { REPOSITORY_LOCATION: 'us' }, { image_name: NAME.replace('us-central1', 'us') }],
    [
      'knows projects of a domain',
      { PROJECT_ID: 'example.com:p' },
      { image_name: 'us-central1-docker.pkg.dev/example.com/p/apis/forecast' },
    ],
    [
      'prefers the whole name',
      { IMAGE_NAME: 'localhost:5000/x', PROJECT_ID: '' },
      { image_name: 'localhost:5000/x' },
    ],
    [
      'deploys an image as it is',
      { REPOSITORY: '', IMAGE: DIGEST, PROJECT_ID: '' },
      { build: 'false', image_name: '' },
    ],
    ['also by a tag', { REPOSITORY: '', IMAGE: 'localhost:5000/x:v1' }, { build: 'false' }],
    ['copies an image', { IMAGE: DIGEST }, { build: 'true', image_name: NAME }],
    ['deploys a file', { SERVICE: '', METADATA: 'service.yaml', IMAGE_NAME: NAME }, { image_name: NAME }],
    ['migrates nothing unless told to', {}, { migrate: 'false' }],
    ['migrates', { MIGRATE_COMMAND: 'bin/migrate\n' }, { migrate: 'true', migrate_job: 'forecast-migrate' }],
    [
      'names the migration',
      { MIGRATE_ARGS: 'a\nb', MIGRATE_JOB: 'm' },
      { migrate: 'true', migrate_job: 'm' },
    ],
    ['takes a document', API, { build: 'true' }],
    ['or a command that prints it', { ...API, SPEC: '', SPEC_COMMAND: 'print' }, { build: 'true' }],
  ])('%s', (_, changes, outputs) => {
    const { status, said, given } = plan({ ...GIVEN, ...changes });
    expect(status, said).toBe(0);
    expect(given).toMatchObject(outputs);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'no region',
      { REGION: '' },
      'title=Input region::The input region is empty. Set it, or the variable GANGWAY_REGION',
    ],
    ['no project', { PROJECT_ID: '' }, 'title=Input project_id::'],
    [
      'nothing to deploy',
      { SERVICE: '' },
      'None of the inputs service, job, worker_pool and metadata is set',
    ],
    ['a service and a job', { JOB: 'batch' }, 'title=Input job::'],
    ['a service and a worker pool', { WORKER_POOL: 'queue' }, 'worker_pool and service are both set'],
    [
      'a job and a worker pool',
      { SERVICE: '', JOB: 'a', WORKER_POOL: 'b' },
      'worker_pool and job are both set',
    ],
    [
      'no place for the image',
      { REPOSITORY: '' },
      'None of the inputs repository, image_name and image is set',
    ],
    ['a file that names the service', { SERVICE: '', METADATA: 'service.yaml' }, 'Set image_name.'],
    ['an image without a tag', { IMAGE: NAME }, `image is "${NAME}", without a tag or a digest`],
    ['a name with a tag', { IMAGE_NAME: `${NAME}:v1` }, `image_name is "${NAME}:v1", with a tag`],
    ['a migration of several lines', { MIGRATE_COMMAND: 'a\nb' }, 'Join them with &&'],
    [
      'a name of two lines',
      { REPOSITORY: 'apis\nbuild=false' },
      'title=Input repository::repository is "apis?build?false"',
    ],
    ['two migrations', { MIGRATE_COMMAND: 'a', MIGRATE_ARGS: 'b' }, 'title=Input migrate_args::'],
    [
      'no account for the gateway',
      { ...API, GATEWAY_SERVICE_ACCOUNT: '' },
      'GANGWAY_GATEWAY_SERVICE_ACCOUNT',
    ],
    ['no document', { ...API, SPEC: '' }, 'Neither spec nor spec_command is set'],
    [
      'a command without an image to run it in',
      { ...API, SPEC: '', SPEC_COMMAND: 'x', REPOSITORY: '', IMAGE: DIGEST },
      'The document comes from an image that is built or copied',
    ],
  ])('refuses %s', (_, changes, message) => {
    const { status, said, given } = plan({ ...GIVEN, ...changes });
    expect(status).toBe(1);
    expect(said).toContain(message);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(given).toEqual({});
  });

  it('lets no value run a command of the runner', () => {
    const { status, said } = plan({ ...GIVEN, IMAGE: 'x\n::add-mask::y\n::set-env name=A::b' });
    expect(status).toBe(1);
    expect(said.match(/^::/gm)).toHaveLength(1);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});
