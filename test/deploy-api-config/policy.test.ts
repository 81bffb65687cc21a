import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FASTAPI, withRoute } from '../helpers/documents.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';

// Side by side, each with a cloud of its own: they wait most of the time.
describe.concurrent('deploy-api-config, by policy', () => {
  it('fails what does not answer as it should, and goes back where told to', async () => {
    await using gateway = await startGatewayJob();
    const inputs = { api: 'checked', api_key: 'false', verify_timeout: '1s' };
    const before = await gateway.deploy(FASTAPI, { ...inputs, verify: 'GET / 200' });
    expect(before.log).toContain('answers as it should (1 checked)');

    const broken = withRoute('/new', 'new');
    const verify = 'GET /new 201\n/items/1';
    const stays = await gateway.deploy(broken, { ...inputs, verify }, { fails: true });
    expect(stays.annotations.at(-1)?.message).toMatch(
      /does not answer as it should after 1\.0 s\. GET \/new: 200, not 201\. It was on checked-\w+ before; set "rollback"/,
    );
    expect((await fetch(`${before.outputs.url}/new`)).status).toBe(200);
    const again = await gateway.deploy(broken, { ...inputs, verify }, { fails: true });
    expect(again.annotations.at(-1)?.message, 'a re-run does not make it good').toContain('not 201');

    await gateway.deploy(FASTAPI, inputs);
    const back = await gateway.deploy(broken, { ...inputs, verify, rollback: 'true' }, { fails: true });
    expect(back.annotations.at(-1)?.message).toContain(`It was moved back to ${before.outputs.config}.`);
    expect((await fetch(`${before.outputs.url}/new`)).status).toBe(404);
  });

  it('stops at the first region that fails', async () => {
    await using gateway = await startGatewayJob();
    const inputs = { api: 'regions', location: 'us-central1, us-east1', verify_timeout: '1s' };
    await gateway.deploy(FASTAPI, inputs);
    const { log } = await gateway.deploy(
      withRoute('/a', 'a'),
      { ...inputs, verify: '/a 200', rollback: 'true' },
      { fails: true },
    );
    expect(log).toContain('moved back to');
    const on = [...gateway.job.cloud.apiGateway.gateways.values()].filter(({ name }) =>
      name.endsWith('/gateways/regions'),
    );
    expect(new Set(on.map(({ apiConfig }) => apiConfig.split('/').at(-1))).size).toBe(1);
    expect(log).not.toContain('moving the gateway regions in us-east1');
  });

  it('keeps the newest configs, and those that a gateway anywhere serves', async () => {
    await using gateway = await startGatewayJob();
    const inputs = { api: 'pruned', keep_configs: '2' };
    const first = await gateway.deploy(FASTAPI, inputs);
    await gateway.deploy(FASTAPI, { ...inputs, gateway: 'elsewhere', location: 'europe-west2' });
    const ids: string[] = [];
    for (const name of ['b', 'c', 'd']) {
      const { outputs } = await gateway.deploy(withRoute(`/${name}`, name), inputs);
      ids.push(outputs.config ?? '');
    }
    expect(configIds(gateway, 'pruned')).toEqual([first.outputs.config, ids[1], ids[2]]);
  });

  it('says so when the API has all the configs it may have', async () => {
    await using gateway = await startGatewayJob();
    await gateway.deploy(FASTAPI, { api: 'full' });
    const { configs } = gateway.job.cloud.apiGateway;
    const [made] = [...configs.values()].filter(({ name }) => name.includes('/apis/full/'));
    if (!made) throw new Error('no config');
    const fill = (id: (index: number) => string) => {
      for (let index = 1; index < 100; index++) {
        const name = made.name.replace(/[^/]+$/, id(index));
        configs.set(name, { ...made, name, createTime: made.createTime + index });
      }
    };
    fill((index) => `by-hand-${index}`);
    const refused = await gateway.deploy(withRoute('/a', 'a'), { api: 'full' }, { fails: true });
    expect(refused.annotations.at(-1)?.message).toMatch(
      /The API full has 100 configs, and Google allows 100 of an API; none of those that Gangway created can be deleted\.\nTo fix it: delete some by hand: gcloud api-gateway api-configs delete/,
    );
    for (const name of configs.keys()) if (name.includes('by-hand-')) configs.delete(name);
    fill((index) => `full-${index.toString(16).padStart(16, '0')}`);
    await gateway.deploy(withRoute('/a', 'a'), { api: 'full', keep_configs: '98', enable_service: 'false' });
    // The newest 98, and the one that was served until now.
    expect(configIds(gateway, 'full')).toHaveLength(99);
    expect(configs.has(made.name)).toBe(true);
  });

  it('shows in a dry run what would change, with read permission, and comments once on the pull request', async () => {
    await using gateway = await startGatewayJob();
    await using github = await startGithub(gateway.workspace);
    const { cloud, project, exports } = gateway.job;
    const inputs = { api: 'dry', dry_run: 'true', github_token: 'ghs_secret' };
    const options = { env: github.pullRequest, secrets: ['ghs_secret'] };
    const nothing = await gateway.deploy(FASTAPI, inputs, options);
    expect(nothing.log).toContain('Would create the API dry.');
    expect(nothing.outputs.changed).toBe('false');
    // A stranger copies the mark, to have the last word on what is deployed.
    const [mark] = github.comments[1]?.body.split('\n') ?? [];
    const spoof = {
      id: 99,
      body: `${mark}\nAll is well.`,
      user: { type: 'User' },
      author_association: 'NONE',
    };
    github.comments.unshift(spoof);
    await gateway.deploy(withRoute('/old', 'old'), { api: 'dry' });

    const member = `serviceAccount:${exports.GANGWAY_SERVICE_ACCOUNT}`;
    const { bindings } = cloud.iam.get(`projects/${project}`);
    cloud.iam.set(`projects/${project}`, {
      bindings: bindings.map(({ role, members }) => ({
        role,
        members: members.filter((other) => other !== member),
      })),
    });
    cloud.iam.grant(`projects/${project}`, 'roles/apigateway.viewer', member);
    try {
      const requests = await gateway.requests(async () => {
        const dry = await gateway.deploy(withRoute('/new', 'new'), inputs, options);
        expect(dry.outputs).toMatchObject({
          changed: 'false',
          breaking: 'true',
          diff: '- GET /old (breaking)\n+ GET /new',
        });
        expect(dry.log).toMatch(/Would move the gateway dry in us-central1 from dry-\w+ to dry-\w+\./);
        expect(dry.summary).toContain('```diff\n- GET /old (breaking)\n+ GET /new\n```');
      });
      expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
      expect(github.comments).toHaveLength(3);
      expect(github.comments[0]).toEqual(spoof);
      expect(github.comments[1]?.body).toBe('Looks good');
      expect(github.comments[2]?.body).toContain('- GET /old (breaking)');
      const calls = github.calls.length;
      await gateway.deploy(withRoute('/new', 'new'), inputs, options);
      expect(github.calls.slice(calls)).toHaveLength(1);

      const strict = { ...inputs, fail_on: 'breaking', github_token: '' };
      const { annotations } = await gateway.deploy(withRoute('/new', 'new'), strict, { fails: true });
      expect(annotations.at(-1)?.message).toMatch(/The document breaks callers of dry-\w+: - GET \/old\./);
      await gateway.deploy(withRoute('/old', 'old'), strict);

      const refused = await gateway.deploy(
        FASTAPI,
        { ...inputs, github_token: 'ghs_other' },
        { ...options, secrets: ['ghs_other'] },
      );
      expect(refused.log).toMatch(/403: Resource not accessible.*[\s\S]*pull-requests: write/);
    } finally {
      cloud.iam.set(`projects/${project}`, { bindings });
    }
  });

  it('refuses what breaks callers before it writes', async () => {
    await using gateway = await startGatewayJob();
    await gateway.deploy(withRoute('/old', 'old'), { api: 'strict' });
    const requests = await gateway.requests(async () => {
      await gateway.deploy(FASTAPI, { api: 'strict', fail_on: 'breaking' }, { fails: true });
    });
    expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
    const more = { ...FASTAPI, paths: { ...FASTAPI.paths, ...Object(withRoute('/old', 'old')).paths } };
    await gateway.deploy(more, { api: 'strict', fail_on: 'breaking' });
  });
});

function configIds({ job }: GatewayJob, api: string): (string | undefined)[] {
  return [...job.cloud.apiGateway.configs.keys()]
    .filter((name) => name.includes(`/apis/${api}/`))
    .map((name) => name.split('/').at(-1));
}

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user?: { readonly type: string };
  readonly author_association?: string;
}

/** What is asked of GitHub about a pull request with one comment; its event is in the folder. */
async function startGithub(folder: string) {
  const comments: Comment[] = [{ id: 1, body: 'Looks good' }];
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    calls.push(`${request.method} ${request.url}`);
    if (request.headers.authorization !== 'Bearer ghs_secret') {
      response.writeHead(403).end('{"message":"Resource not accessible by integration"}');
      return;
    }
    const { body = '' } = (text ? JSON.parse(text) : {}) as { body?: string };
    const id = Number(/comments\/(\d+)$/.exec(request.url ?? '')?.[1]);
    const known = comments.findIndex((comment) => comment.id === id);
    if (request.method === 'POST') comments.push({ id: comments.length + 1, body });
    if (request.method === 'PATCH' && known >= 0) comments[known] = { id, body };
    response.end(JSON.stringify(request.method === 'GET' ? comments : { id: 1 }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const event = join(folder, 'event.json');
  await writeFile(event, JSON.stringify({ pull_request: { number: 7 } }));
  return {
    comments,
    calls,
    /** What a step of the pull request has in its environment. */
    pullRequest: {
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'example/fastapi-on-cloud-run',
      GITHUB_EVENT_PATH: event,
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
