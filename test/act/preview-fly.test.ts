import { type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { shellBase } from '../helpers/shell-base.ts';
import { type Called, calling, callThroughAct } from './call.ts';

// needs: act, flyctl
// takes minutes

const [act] = find('act');
const [flyctl] = find('flyctl');
const REPOSITORY = 'example/fastapi-on-cloud-run';
const NAME = 'hello-pr-7';
const SHA = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

/** It names no app: one file serves production and pull requests. */
const TOML = `primary_region = "iad"
[http_service]
internal_port = 8080
auto_stop_machines = "off"
`;

describe.runIf(act && flyctl)('preview-fly.yml under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let base: string;
  let token: string;
  let cluster: ReturnType<LocalCloud['cloud']['fly']['addCluster']>;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    base = (await shellBase()) ?? '';
    const { fly } = local.cloud;
    const organization = fly.organizations.get('personal');
    if (!organization) throw new Error('the local cloud has no organization');
    cluster = fly.addCluster('previews', organization);
    token = fly.tokens.issue({ kind: 'org', name: 'ci', organization, lifetime: 3600 }).macaroon;
    held().pulls.set(7, pull(REPOSITORY));
    held().pulls.set(8, { ...pull('somebody/fork'), number: 8 });
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('gives a pull request with the label an app of its own, and says where in one comment', async () => {
    const unlabelled = await preview({ action: 'opened', text: 'first', labels: [] });
    expect(unlabelled.run.exitCode, unlabelled.said).toBe(0);
    expect(app()).toBeUndefined();
    expect(comments()).toEqual([]);

    const { run, said } = await preview({ action: 'labeled', text: 'first' });
    expect(run.exitCode, said).toBe(0);
    const { deploy = {} } = run.outputs;
    expect(deploy).toMatchObject({ name: NAME, hostname: `${NAME}.fly.dev`, changed: 'true' });
    // What a later job of the caller reads.
    expect(said).toContain(`the preview is ${NAME} at ${deploy.url}`);
    expect(await page()).toBe('first\n');
    const machines = [...(app()?.machines.values() ?? [])].filter(({ active }) => active);
    expect(machines.map(({ region, config }) => [region, config.guest?.memory_mb])).toEqual([['fra', 512]]);
    expect(machines[0]?.secrets).toMatchObject({
      DATABASE_URL: expect.stringContaining(`@pgbouncer.${cluster.id}.flympg.net/hello_pr_7`),
      SIGNING_KEY: 'a secret',
    });
    expect(comments().map(({ body }) => body)).toEqual([
      expect.stringContaining(`\`${NAME}\` is at ${deploy.url}`),
    ]);
  });

  it('deploys each push to the same app', async () => {
    const { run, said } = await preview({ action: 'synchronize', text: 'second' });
    expect(run.exitCode, said).toBe(0);
    expect(await page()).toBe('second\n');
    expect(comments()).toHaveLength(1);
  });

  it('deploys no comment of a stranger or on something else, and none of a fork', async () => {
    for (const [association, body] of [
      ['NONE', '/preview'],
      ['MEMBER', 'looks good, see /preview'],
    ] as const) {
      const { run, said } = await commented(association, body);
      expect([run.exitCode, run.jobResults], said).toEqual([0, []]);
    }
    const fork = await commented('OWNER', '/preview', 8);
    expect(fork.run.jobResults, fork.said).toEqual(['failure']);
    expect(fork.said).toContain('Pull request 8 comes from the fork somebody/fork.');
  });

  it('checks out what a comment of a member is on', async () => {
    const { said } = await commented('MEMBER', '/preview please');
    // act has no network to do it with.
    expect(said).toContain(`act can't check out ${SHA}`);
  });

  it('destroys the app when the label goes or the pull request is closed, and says so', async () => {
    const { run, said } = await preview({ action: 'unlabeled', text: 'second', labels: [] });
    expect(run.exitCode, said).toBe(0);
    expect(app()).toBeUndefined();
    expect(cluster.attached.size).toBe(0);
    expect(comments().map(({ body }) => body)).toEqual([
      expect.stringContaining(`\`${NAME}\` was destroyed: the pull request has no label preview.`),
    ]);

    await preview({ action: 'labeled', text: 'third' });
    expect(await page()).toBe('third\n');
    const closed = await preview({ action: 'closed', text: 'third' });
    expect(closed.run.outputs.deploy, closed.said).toMatchObject({ name: NAME, changed: 'true' });
    expect(app()).toBeUndefined();
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.body).toContain('was destroyed: the pull request is closed.');
  });

  it('tells the pull request of a fork why it gets none', async () => {
    const asked = local.cloud.requests.length;
    const { run, said } = await preview({ action: 'opened', text: 'fork', from: 'somebody/fork' });
    expect(run.exitCode, said).toBe(0);
    expect(said).toContain('This pull request comes from a fork.');
    expect(local.cloud.requests.length).toBe(asked);
  });

  interface Event {
    readonly action: string;
    readonly text: string;
    readonly labels?: readonly string[];
    readonly from?: string;
  }

  function preview({ action, text, labels = ['preview'], from = REPOSITORY }: Event): Promise<Called> {
    const pullRequest = {
      action,
      number: 7,
      pull_request: { ...pull(from), labels: labels.map((name) => ({ name })) },
    };
    return call(text, { pullRequest });
  }

  function commented(association: string, body: string, number = 7): Promise<Called> {
    const issue = { number, state: 'open', labels: [{ name: 'preview' }], pull_request: {} };
    const comment = { action: 'created', issue, comment: { author_association: association, body } };
    return call('commented', { comment });
  }

  function call(text: string, event: object): Promise<Called> {
    const permissions = { contents: 'read', 'id-token': 'write', 'pull-requests': 'write' };
    const inputs = {
      ...{ app: 'hello', org: 'personal', label: 'preview', postgres: cluster.id, flyctl_version: 'path' },
      ...{ region: 'fra', vm_memory: '512', strategy: 'immediate' },
    };
    const secrets = {
      api_token: expression('secrets.FLY_ORG_TOKEN'),
      app_secrets: `SIGNING_KEY=${expression('secrets.SIGNING_KEY')}`,
    };
    return callThroughAct(local, {
      files: {
        'fly.toml': TOML,
        Dockerfile: `FROM ${base}\nCOPY index.html /www/\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n`,
        'index.html': `${text}\n`,
      },
      jobs: {
        preview: calling('preview-fly.yml', inputs, { permissions, secrets }),
        tell: {
          needs: 'preview',
          'runs-on': 'ubuntu-latest',
          steps: [
            {
              env: {
                NAME: expression('needs.preview.outputs.name'),
                URL: expression('needs.preview.outputs.url'),
              },
              run: 'echo "the preview is $NAME at $URL"',
            },
          ],
        },
      },
      secrets: { FLY_ORG_TOKEN: token, SIGNING_KEY: 'a secret' },
      // Of Google, it has nothing.
      variables: {},
      env: { PATH: process.env.PATH ?? '', HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' },
      ...event,
    });
  }

  const held = () => local.cloud.githubRepositories.of(REPOSITORY);
  const comments = () => held().comments.get(7) ?? [];
  const app = () => local.cloud.fly.findApp(NAME);
  const page = async () => (await fetch(app()?.url ?? '')).text();
});

function pull(from: string) {
  return {
    number: 7,
    state: 'open' as const,
    head: { ref: 'topic', sha: SHA, repo: { full_name: from } },
    base: { ref: 'main', sha: SHA, repo: { full_name: REPOSITORY } },
  };
}

function expression(value: string): string {
  return `\${{ ${value} }}`;
}
