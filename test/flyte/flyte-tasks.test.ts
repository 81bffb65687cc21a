import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, find, run, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActEvent, type ActRun, runAct } from '../../scripts/act/run-act.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { exampleFiles } from '../helpers/example-files.ts';
import { owner } from '../helpers/run-job.ts';
import { type FlyteAdmin, startFlyteAdmin } from './flyte-admin.ts';

// needs: flytekit, flyte-image, act
// takes minutes

const [act] = find('act');
const { GANGWAY_FLYTEKIT: flytekit, GANGWAY_FLYTE_BASE_IMAGE: base } = process.env;
const HOME = 'us-central1-docker.pkg.dev/demo-project/flyte';
const REPOSITORY = 'v1/projects/demo-project/locations/us-central1/repositories/flyte';
const hours = [1, 2, 3, 4];
const demand = [3, 5, 7, 10];

interface PackagedTask {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
}

interface Policy {
  readonly bindings: readonly { readonly role: string; readonly members: readonly string[] }[];
}

describe.runIf(act && flytekit && base)('task images for Flyte under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let admin: FlyteAdmin;
  let folder: string;
  let files: Record<string, string>;
  let first: readonly PackagedTask[];
  let artifacts = '';

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    admin = await startFlyteAdmin(flytekit ?? '');
    folder = await mkdtemp(join(tmpdir(), 'gangway-flyte-'));
    files = exampleFiles('flyte-tasks', base ?? '');
  });

  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await local?.close();
    await engine?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('are built by a matrix, and the package names exactly their digests', async () => {
    const { run, said } = await call(files);
    expect(run.jobResults, said).toEqual(['success', 'success', 'success']);
    first = await packaged();
    expect(imagesOf(first)).toEqual({
      'forecast.score.task.error': `${HOME}/score@${digestOf('score')}`,
      'forecast.train.task.fit': `${HOME}/train@${digestOf('train')}`,
    });
    expect(said).toContain(`forecast.train.task.fit: ${HOME}/train@${digestOf('train')}`);
  });

  it('leave the stage that they share under one name in the cache, beside their own', () => {
    expect([...(repository()?.images.get('cache')?.tags.keys() ?? [])].toSorted()).toEqual([
      'main.flyte',
      'main.score',
      'main.train',
    ]);
  });

  it("can be pulled by the nodes' account, which the workflow named", async () => {
    const { bindings } = (await owner(local, 'GET', `${REPOSITORY}:getIamPolicy`)) as Policy;
    const readers = bindings.filter(({ role }) => role === 'roles/artifactregistry.reader');
    expect(readers.flatMap(({ members }) => members)).toEqual([`serviceAccount:${nodes()}`]);
  });

  it('are registered by these digests under the version of the commit, signed in as a client', () => {
    const tasks = admin.registrations.filter(({ kind }) => kind === 'task');
    expect(Object.fromEntries(tasks.map(({ id, image }) => [id.name, image]))).toEqual(imagesOf(first));
    expect(new Set(admin.registrations.map(({ id }) => `${id.project} ${id.domain}`))).toEqual(
      new Set(['flytesnacks staging']),
    );
    const { version = '' } = admin.registrations[0]?.id ?? {};
    expect(version).toMatch(/^[0-9a-f]{40}$/);
    expect(admin.registrations.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['workflow', 'launch plan']),
    );
  });

  it('run what the package says of them', async () => {
    const line = await execute('forecast.train.task.fit', { hours, demand });
    expect(line).toEqual([expect.closeTo(2.3), expect.closeTo(0.5)]);
    const error = await execute('forecast.score.task.error', { line, hours, demand });
    expect(error).toBeCloseTo(0.25);
  });

  it('keep their digest where their sources did not change, and the stage they share is not built again', async () => {
    const path = 'forecast/score/task.py';
    const changed = { ...files, [path]: `${files[path]}\n# Changed.\n` };
    const { run, said } = await call(changed);
    expect(run.jobResults, said).toEqual(['success', 'success', 'success']);
    const second = imagesOf(await packaged());
    const before = imagesOf(first);
    expect(second['forecast.train.task.fit']).toBe(before['forecast.train.task.fit']);
    expect(second['forecast.score.task.error']).not.toBe(before['forecast.score.task.error']);
    expect(said).toMatch(/Instructions from the cache: .*flyte 4 of 4/);
  });

  it('fail the run when a task names an image that was not built', async () => {
    const path = 'forecast/score/task.py';
    const text = files[path]?.replace('@task(container_image="{{.image.score}}")', '@task') ?? '';
    expect(text).not.toBe(files[path]);
    const before = admin.registrations.length;
    const { run, said } = await call({ ...files, [path]: text });
    expect(run.jobResults, said).toEqual(['success', 'success', 'failure']);
    expect(said).toContain('No image of this run: forecast.score.task.error.');
    expect(admin.registrations.length).toBe(before);
  });

  async function call(caller: Readonly<Record<string, string>>): Promise<{ run: ActRun; said: string }> {
    const events: ActEvent[] = [];
    const onEvent = (event: ActEvent) => events.push(event);
    artifacts = await mkdtemp(join(folder, 'artifacts-'));
    const variables = {
      NODE_SERVICE_ACCOUNT: nodes(),
      FLYTE_ENDPOINT: admin.endpoint,
      FLYTE_CLIENT_ID: admin.clientId,
      FLYTE_DOMAIN: 'staging',
    };
    const env = {
      GANGWAY_ARTIFACTS: artifacts,
      PYTHONPATH: flytekit ?? '',
      // What this machine's Python has is what the tests prepared, outside its own folders.
      PIP_BREAK_SYSTEM_PACKAGES: '1',
      FLYTE_PLATFORM_INSECURE: 'true',
    };
    const secrets = { FLYTE_CLIENT_SECRET: admin.clientSecret };
    const run = await runAct({ act: act ?? '', base: '', local, onEvent, caller, variables, secrets, env });
    const said = events.map(({ msg }) => msg?.trimEnd()).join('\n');
    expect(said).not.toContain(admin.clientSecret);
    return { run, said };
  }

  function nodes(): string {
    return local.exports.GANGWAY_GATEWAY_SERVICE_ACCOUNT ?? '';
  }

  function repository() {
    return local.cloud.artifactRegistry.find(
      'projects/demo-project/locations/us-central1/repositories/flyte',
    );
  }

  /** What the registry holds under the commit's tag, which is the version that was registered too. */
  function digestOf(image: string): string {
    const [{ id } = { id: { version: '' } }] = admin.registrations;
    return repository()?.images.get(image)?.tags.get(id.version) ?? '';
  }

  async function packaged(): Promise<readonly PackagedTask[]> {
    const archive = join(artifacts, 'flyte-package', 'flyte-package.tgz');
    return JSON.parse(await python('task_package.py', archive));
  }

  /** Runs a task in its image as Flyte does: the arguments of the package, with the paths that Flyte fills in. */
  async function execute(name: string, inputs: object): Promise<unknown> {
    const { image = '', args = [] } = first.find((task) => task.name === name) ?? {};
    const data = join(folder, name);
    await mkdir(data);
    await chmod(data, 0o777);
    await python('literals.py', 'write', join(data, 'inputs.pb'), JSON.stringify(inputs));
    const paths: Record<string, string> = {
      '{{.input}}': '/data/inputs.pb',
      '{{.outputPrefix}}': '/data/outputs',
      '{{.rawOutputDataPrefix}}': '/data/raw',
      '{{.checkpointOutputPrefix}}': '/data/checkpoint',
      '{{.prevCheckpointPrefix}}': '',
    };
    const reference = `${new URL(local.cloud.origin).host}/${image}`;
    const options = ['run', '--rm', '--network', 'none', '--volume', `${data}:/data`, reference];
    const env = { ...process.env, ...engine.environment };
    await run(engine.docker, [...options, ...args.map((argument) => paths[argument] ?? argument)], { env });
    return JSON.parse(await python('literals.py', 'read', join(data, 'outputs', 'outputs.pb')));
  }
});

function imagesOf(tasks: readonly PackagedTask[]): Record<string, string> {
  return Object.fromEntries(tasks.map(({ name, image }) => [name, image]));
}

function python(program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, PYTHONPATH: flytekit };
  return run('python3', [join(import.meta.dirname, program), ...args], { env });
}
