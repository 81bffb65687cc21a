import { type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type ActEvent, type ActRun, runAct } from '../../scripts/act/run-act.ts';
import { published } from '../../scripts/act/workspace.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { owner, type Shown, show } from '../helpers/run-job.ts';
import { shellBase } from '../helpers/shell-base.ts';

// needs: act
// takes minutes

const [act] = find('act');

/** Serves what the prepare step and the artifact put into www, and its own environment. */
const DOCKERFILE = (base: string) => `FROM ${base}
COPY www /www
CMD ["sh", "-c", "env > /www/env; exec httpd -f -p $PORT -h /www"]
`;

describe.runIf(act)('deploy-cloud-run.yml under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let files: Record<string, string>;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    files = { Dockerfile: DOCKERFILE((await shellBase()) ?? ''), 'www/checked-out': 'yes\n' };
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('prepares, builds, migrates and deploys in an environment, where the provider takes no other job', async () => {
    const release = onlyFor('production');
    const { run, said } = await call({
      environment: 'production',
      prepare_command: 'printf "made %s" "$PREPARE_SECRETS" > www/made\nfalse || true',
      prepare_cache: 'node_modules',
      migrate_command: 'test "$DATABASE" = forecast && test "$PASSWORD" = secret && echo migrated',
      env_vars: 'DATABASE=forecast',
      invokers: 'allUsers',
    });
    expect(run.jobResults, said).toEqual(['success']);
    const other = await call({ environment: 'staging' });
    expect(other.run.jobResults, other.said).toEqual(['failure']);
    expect(other.said).toMatch(/attribute condition[\s\S]*environment: staging/);
    release();
    expect(said).toContain('Nothing is cached of node_modules under gangway-prepare-Linux-');
    const { url = '' } = run.outputs.service ?? {};
    expect(await text(`${url}/made`)).toBe('made by a secret');
    expect(await text(`${url}/env`)).toMatch(/^DATABASE=forecast$/m);
    expect(await text(`${url}/env`)).toMatch(/^PASSWORD=secret$/m);

    const [execution] = await executions();
    expect(execution).toMatchObject({ succeededCount: 1, taskCount: 1 });
    expect(run.outputs.migrate?.execution).toBe(execution?.name.split('/').at(-1));
    const { template } = await service();
    expect(Date.parse(execution?.completionTime ?? '')).toBeLessThanOrEqual(
      Date.parse(String((await revision()).createTime)),
    );
    expect(template.containers[0]?.image).toBe(run.outputs.build?.image);
  });

  it('deploys nothing when the migration fails', async () => {
    const before = await service();
    const { run, said } = await call({
      prepare_command: 'echo changed > www/made',
      migrate_command: 'echo "the table is locked"; exit 3',
      env_vars: 'DATABASE=other',
      invokers: 'allUsers',
    });
    expect(run.jobResults, said).toEqual(['failure']);
    expect(run.outputs.service).toBeUndefined();
    expect(said).toContain('the table is locked');
    expect(await service()).toEqual(before);
    expect(await text(`${before.uri}/made`)).toBe('made by a secret');
  });

  it('deploys an image that is there, privately, as a job and as a worker pool, without a build', async () => {
    const { template } = await service();
    const image = String(template.containers[0]?.image);
    const { run, said } = await call({
      service: '',
      job: 'batch',
      repository: '',
      image,
      args: 'true',
      execute: true,
    });
    expect(run.jobResults, said).toEqual(['success']);
    expect(run.outputs.build).toBeUndefined();
    expect(run.outputs.service?.execution).toMatch(/^batch-/);

    const pool = await call({ service: '', worker_pool: 'queue', repository: '', image, instances: '1' });
    expect(pool.run.jobResults, pool.said).toEqual(['success']);
    const { template: ran } = await show<Shown>(local, 'workerPools/queue');
    expect(ran.containers[0]?.image).toBe(image);
  });

  it('ends before anything is sent when the inputs contradict each other', async () => {
    const { run, said } = await call({ image: 'us-central1-docker.pkg.dev/demo-project/apis/app' });
    expect(run.jobResults).toEqual(['failure']);
    expect(said).toContain('to name the image that is built, set image_name');
  });

  /** A run of a caller's workflow with these inputs, whose project, provider and account are variables. */
  async function call(inputs: Record<string, unknown>): Promise<{ run: ActRun; said: string }> {
    const events: ActEvent[] = [];
    const steps = local.stepEnvironment;
    const workflow = {
      on: 'workflow_dispatch',
      jobs: {
        deploy: {
          permissions: { contents: 'read', 'id-token': 'write' },
          uses: `${published}/.github/workflows/deploy-cloud-run.yml@v1`,
          with: { region: 'us-central1', service: 'app', repository: 'apis', ...inputs },
          secrets: {
            prepare_secrets: expression('secrets.ENV_FILE'),
            secret_env_vars: `PASSWORD=${expression('secrets.PASSWORD')}`,
          },
        },
      },
    };
    const run = await runAct({
      act: act ?? '',
      base: '',
      local,
      onEvent: (event) => events.push(event),
      caller: { ...files, '.github/workflows/deploy.yml': stringify(workflow) },
      secrets: { ENV_FILE: 'by a secret', PASSWORD: 'secret' },
      variables: {
        GANGWAY_PROJECT_ID: steps.GOOGLE_CLOUD_PROJECT ?? '',
        GANGWAY_WORKLOAD_IDENTITY_PROVIDER: steps.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
        GANGWAY_SERVICE_ACCOUNT: steps.GANGWAY_SERVICE_ACCOUNT ?? '',
      },
    });
    return { run, said: events.map(({ msg }) => msg?.trimEnd()).join('\n') };
  }

  /** Has the provider take jobs of one environment alone, until the result is called. */
  function onlyFor(environment: string): () => void {
    const { pools } = local.cloud.iamAdmin;
    const provider = pools.get(local.stepEnvironment.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '');
    pools.add({ ...provider, attributeCondition: `assertion.environment == '${environment}'` });
    return () => void pools.add(provider);
  }

  const service = () => show<Shown>(local, 'services/app');
  const revision = async () =>
    show<Record<string, unknown>>(
      local,
      `services/app/revisions/${(await service()).latestReadyRevision.split('/').at(-1)}`,
    );

  async function executions(): Promise<{ name: string; completionTime?: string }[]> {
    const path = 'v2/projects/demo-project/locations/us-central1/jobs/app-migrate/executions';
    const { executions: all } = (await owner(local, 'GET', path)) as {
      executions: { name: string; completionTime?: string }[];
    };
    return all;
  }
});

async function text(url: string): Promise<string> {
  return (await fetch(/^https?:/.test(url) ? url : `http://${url}`)).text();
}

function expression(value: string): string {
  return `\${{ ${value} }}`;
}
