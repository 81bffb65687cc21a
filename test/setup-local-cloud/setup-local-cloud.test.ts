import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runAction, type StepResult } from '@gangway/runner';
import { afterAll, describe, expect, it } from 'vitest';
import { FASTAPI } from '../helpers/documents.ts';
import { leaksIn } from '../helpers/leaks.ts';
import { bareRunner } from './bare-runner.ts';

const runner = bareRunner();
const { workspace, temp, home, setUp } = runner;
afterAll(() => runner.remove());

/** A later step of the job: it gets what earlier ones set, and nothing else. */
function later(setup: StepResult, action: string, inputs: Readonly<Record<string, string>>) {
  const env = { ...runner.env, ...setup.exported, PATH: [...setup.path, process.env.PATH].join(':') };
  return runAction({ action, inputs, workspace, temp, env });
}

describe('a job that sets up a local cloud', () => {
  let setup: StepResult;
  const signIn = () => ({
    workload_identity_provider: setup.outputs.workload_identity_provider ?? '',
    service_account: setup.outputs.service_account ?? '',
  });
  const gangway = (...args: string[]) =>
    spawnSync(join(setup.path[0] ?? '', 'gangway'), args, {
      cwd: workspace,
      env: { HOME: home, PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
    });

  it('has one in a moment, with what the seed file names and the job’s own identity', async () => {
    const environment = {
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REF: 'refs/pull/7/merge',
    };
    setup = await setUp(
      { seed: 'seed.yaml', services: 'pubsub.googleapis.com', environment: 'staging' },
      environment,
    );
    expect(setup.exitCode, setup.log).toBe(0);
    expect(setup.outputs).toMatchObject({
      project_id: 'demo-project',
      service_account: 'deployer@demo-project.iam.gserviceaccount.com',
      workload_identity_provider: expect.stringMatching(/^projects\/\d+\/.*\/providers\/gangway$/),
    });
    expect(setup.exported).toMatchObject({
      GOOGLE_CLOUD_PROJECT: 'demo-project',
      GANGWAY_ORIGIN: setup.outputs.origin,
    });
    // The runner sets those itself, whatever a step says.
    expect(Object.keys(setup.exported).filter((name) => /^(GITHUB|RUNNER)_/.test(name))).toEqual([]);
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: word = '' } =
      setup.exported;
    expect(setup.masks).toContain(word);
    const answer = await fetch(`${url}&audience=x`, { headers: { authorization: `Bearer ${word}` } });
    const { value = '' } = (await answer.json()) as { value?: string };
    expect(JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      repository: 'acme/shop',
      ref: 'refs/pull/7/merge',
      event_name: 'pull_request',
      sub: 'repo:acme/shop:environment:staging',
    });
  });

  it('deploys with other actions, without any further setup', async () => {
    const enabled = await later(setup, 'enable-service', { services: 'pubsub.googleapis.com', ...signIn() });
    expect(enabled.exitCode, enabled.log).toBe(0);
    expect(enabled.log).toMatch(/already|nothing/i);
    const deployed = await later(setup, 'deploy-api-config', {
      api: 'shop',
      location: 'us-central1',
      spec: 'openapi.json',
      backend: 'https://shop.example.com',
      ...signIn(),
    });
    expect(deployed.exitCode, deployed.log).toBe(0);
    const url = deployed.outputs.url ?? '';
    expect((await fetch(new URL(Object.keys(FASTAPI.paths)[0] ?? '', url))).status).toBe(401);
    await deployed.post();
    const key = await later(setup, 'create-api-key', {
      key_id: 'shop',
      services: deployed.outputs.managed_service ?? '',
      ...signIn(),
    });
    expect(key.exitCode, key.log).toBe(0);
  });

  it('has the command gangway on its PATH', () => {
    const { resources } = JSON.parse(gangway('status', '--json').stdout);
    expect(resources.gateways).toMatchObject([{ name: 'shop' }]);
    expect(gangway('logs', '--requests', '--tail', '1').stdout).toContain('apikeys');
  });

  it('starts no second one for a later step that asks for it', async () => {
    const again = await later(setup, 'setup-local-cloud', { port: '1' });
    expect(again.outputs).toEqual(setup.outputs);
    expect(again.annotations).toMatchObject([{ message: expect.stringMatching(/"port" has no effect/) }]);
    expect((await again.post())?.exitCode).toBe(0);
    expect(gangway('status').status).toBe(0);
  });

  it('keeps a record without secrets when it fails, and leaves nothing else', async () => {
    const { keys } = JSON.parse(gangway('status', '--json').stdout).resources;
    const files = ['CLOUDSDK_AUTH_ACCESS_TOKEN_FILE', 'GANGWAY_FLY_TOKEN_FILE'].map(
      (name) => setup.exported[name] ?? '',
    );
    const secrets = [
      keys[0].key,
      'correct-horse-battery',
      ...files.map((file) => readFileSync(file, 'utf8')),
    ];
    await fetch(`${setup.outputs.origin}/v1/nothing?key=${keys[0].key}`);

    const post = await setup.post('failure');
    expect(post?.exitCode, post?.log).toBe(0);
    const [, folder = ''] = /The record of the local cloud is in (\S+):/.exec(post?.log ?? '') ?? [];
    expect(readdirSync(folder).sort()).toEqual(['output.log', 'requests.jsonl', 'resources.json']);
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(leaksIn(texts.join('\n'), secrets)).toEqual([]);
    const requests = readFileSync(join(folder, 'requests.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(requests.at(-1)).toMatchObject({ path: '/v1/nothing?key=***', status: 404 });
    expect(JSON.parse(readFileSync(join(folder, 'resources.json'), 'utf8')).gateways).toMatchObject([
      { name: 'shop' },
    ]);

    await expect(fetch(setup.outputs.origin ?? '')).rejects.toThrow();
    for (const file of files) expect(existsSync(file), file).toBe(false);
    expect(readdirSync(join(home, '.local/state/gangway'))).toEqual([]);
    expect(readdirSync(temp).filter((name) => name.startsWith('gangway-'))).toEqual([]);
  });
});

describe('what is in the way', () => {
  it.each([
    [{ seed: 'gone.yaml' }, /Input "seed" is not valid: "gone.yaml" can't be read/],
    [{ seed: 'wrong.yaml' }, /wrong\.yaml: "accounts" is no key of a seed file/],
    [{ services: 'pubsub' }, /Input "services" is not valid: "pubsub".*pubsub\.googleapis\.com/s],
    [{ project_id: 'X' }, /Input "project_id" is not valid/],
    [{ repository: 'shop' }, /Input "repository" is not valid: "shop".*OWNER\/NAME/s],
    [{ port: '0' }, /Input "port" is not valid: "0"/],
    [
      { docker_host: '/var/run/docker.sock' },
      /Input "docker_host" is not valid.*unix:\/\/\/var\/run\/docker\.sock/s,
    ],
    [{ keep_record: 'sometimes' }, /write one of failure, always, never/],
    [{ artifact_name: 'a/b' }, /Input "artifact_name" is not valid/],
    [{ seeds: 'a' }, /no input "seeds".*write seed in place of seeds/s],
  ] as const)('%j', async (inputs, message) => {
    writeFileSync(join(workspace, 'wrong.yaml'), 'accounts: []\n');
    const { exitCode, annotations, post } = await setUp(inputs);
    expect(exitCode).toBe(1);
    expect(annotations).toMatchObject([{ message: expect.stringMatching(message) }]);
    expect((await post())?.exitCode).toBe(0);
  });

  it('is a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { annotations } = await setUp({ port: String(port) });
    server.close();
    expect(annotations[0]?.message).toMatch(/Port \d+ is in use.*give the input "port" another one/s);
  });

  it('is a job that gets ID tokens of GitHub at each step', async () => {
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.actions.githubusercontent.com/x?api-version=2',
    };
    const { exitCode, annotations } = await setUp({}, env);
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(/`id-token: write`.*leave id-token out/s);
  });
});
