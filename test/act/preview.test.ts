import { type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { type Shown, show } from '../helpers/run-job.ts';
import { shellBase } from '../helpers/shell-base.ts';
import { type Called, calling, callThroughAct } from './call.ts';

// needs: act
// takes minutes

const [act] = find('act');
const REPOSITORY = 'example/fastapi-on-cloud-run';
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/forecast';
const SERVICE = { service: 'forecast', region: 'us-central1' };

const SPEC = (title: string) => `openapi: 3.0.3
info: { title: ${title}, version: '1' }
paths:
  /forecast:
    get: { operationId: forecast, responses: { '200': { description: OK } } }
`;

describe.runIf(act)('preview.yml under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let base: string;
  let before: Shown;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    base = (await shellBase()) ?? '';
    await deploy('main');
    before = await show<Shown>(local, 'services/forecast');
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('gives a pull request a revision and a gateway of its own, in one comment', async () => {
    const { run, said } = await preview('opened', 'first');
    expect(run.exitCode, said).toBe(0);
    const { tag_url: url = '' } = run.outputs.service ?? {};
    expect(await text(`${url}/forecast`)).toBe('first\n');
    expect(await text(`${before.uri}/forecast`)).toBe('main\n');
    const gateway = run.outputs.gateway?.url ?? '';
    expect(gateways()).toEqual(['forecast-pr-7']);
    expect((await fetch(http(gateway))).status).toBe(404);
    expect((await fetch(`${http(gateway)}/forecast`)).status).toBe(401);
    const [comment, ...others] = comments();
    expect(others).toEqual([]);
    expect(comment?.body).toContain(url);
    expect(comment?.body).toContain('forecast-pr-7');
    expect(deployments()).toEqual([['preview-7', 'success']]);
  });

  it('keeps the comment up to date with each push', async () => {
    const [first] = comments().map(({ id, body }) => ({ id, body }));
    const { run, said } = await preview('synchronize', 'second');
    expect(run.exitCode, said).toBe(0);
    expect(await text(`${run.outputs.service?.tag_url}/forecast`)).toBe('second\n');
    const [comment, ...others] = comments();
    expect(others).toEqual([]);
    expect(comment?.id).toBe(first?.id);
    expect(comment?.body).toContain(run.outputs.service?.revision);
    expect(comment?.body).not.toBe(first?.body);
  });

  it('takes everything away when the pull request is closed, and leaves the service as it was', async () => {
    const { run, said } = await preview('closed', 'second');
    expect(run.exitCode, said).toBe(0);
    const after = await show<Shown>(local, 'services/forecast');
    expect(after.traffic.map(({ tag, percent }) => [tag, percent])).toEqual([[undefined, 100]]);
    expect(await text(`${after.uri}/forecast`)).toBe('main\n');
    expect(gateways()).toEqual([]);
    expect([...local.cloud.apiGateway.configs.keys()]).toEqual([]);
    expect(imageTags()).not.toContain('pr-7');
    const [comment, ...others] = comments();
    expect(others).toEqual([]);
    expect(comment?.body).toMatch(/deleted with this pull request/);
    expect(deployments().map(([, state]) => state)).toEqual(deployments().map(() => 'inactive'));
  });

  it('leaves nothing behind for the next deploy', async () => {
    await deploy('merged');
    const { uri, traffic, template } = await show<Shown>(local, 'services/forecast');
    expect(await text(`${uri}/forecast`)).toBe('merged\n');
    expect(traffic).toEqual(before.traffic);
    const settings = ({ revision: _, containers: __, ...others }: Shown['template']) => others;
    expect(settings(template)).toEqual(settings(before.template));
  });

  it('tells the pull request of a fork why it gets none', async () => {
    const asked = local.cloud.requests.length;
    const { run, said } = await preview('opened', 'fork', 'somebody/fork');
    expect(run.exitCode, said).toBe(0);
    expect(said).toContain('This pull request comes from a fork.');
    expect(local.cloud.requests.length).toBe(asked);
  });

  async function deploy(text: string): Promise<void> {
    const inputs = { ...SERVICE, image_name: IMAGE, invokers: 'allUsers' };
    const jobs = { deploy: calling('deploy-cloud-run.yml', inputs) };
    const { run, said } = await callThroughAct(local, { files: filesOf(text), jobs });
    expect(run.jobResults, said).toEqual(['success']);
  }

  function preview(action: string, text: string, from = REPOSITORY): Promise<Called> {
    const head = { ref: 'topic', sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e', repo: { full_name: from } };
    const baseOf = { ref: 'main', repo: { full_name: REPOSITORY } };
    const inputs = { ...SERVICE, image: IMAGE, gateway: 'preview', spec: 'openapi.yaml', delete_tag: true };
    const permissions = {
      ...{ contents: 'read', 'id-token': 'write', 'pull-requests': 'write', deployments: 'write' },
    };
    return callThroughAct(local, {
      files: filesOf(text),
      jobs: { preview: calling('preview.yml', inputs, { permissions }) },
      pullRequest: { action, number: 7, pull_request: { number: 7, head, base: baseOf } },
    });
  }

  function filesOf(said: string): Record<string, string> {
    return {
      Dockerfile: `FROM ${base}\nCOPY forecast /www/\nCMD ["sh", "-c", "exec httpd -f -p $PORT -h /www"]\n`,
      forecast: `${said}\n`,
      'openapi.yaml': SPEC(said),
    };
  }

  const held = () => local.cloud.githubRepositories.of(REPOSITORY);
  const comments = () => held().comments.get(7) ?? [];
  const deployments = () =>
    [...held().deployments.values()].map(({ id, environment }) => [
      environment,
      held().statuses.get(id)?.at(-1)?.state,
    ]);
  const gateways = () => [...local.cloud.apiGateway.gateways.keys()].map((name) => name.split('/').at(-1));
  const imageTags = () => [
    ...(local.cloud.artifactRegistry
      .find('projects/demo-project/locations/us-central1/repositories/apis')
      ?.images.get('forecast')
      ?.tags.keys() ?? []),
  ];
});

async function text(url: string): Promise<string> {
  return (await fetch(http(url))).text();
}

function http(url: string): string {
  return /^https?:/.test(url) ? url : `http://${url}`;
}
