import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ActEvent, runAct } from '@gangway/act';
import { find } from '@gangway/engine';
import { afterAll, describe, expect, it } from 'vitest';

// needs: act

const root = fileURLToPath(new URL('../..', import.meta.url));
const [act] = find('act');

describe.runIf(act)('a job under act that sets up a local cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-setup-act-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('deploys without any other setup, and leaves an artifact in act’s own store when it fails', async () => {
    const [suite, repository, artifacts, home] = ['suite', 'repository', 'artifacts', 'home'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    for (const name of ['setup-local-cloud', 'enable-service']) {
      cpSync(join(root, 'dist', name), join(suite, 'dist', name), { recursive: true });
      mkdirSync(join(suite, 'actions', name), { recursive: true });
      cpSync(join(root, 'actions', name, 'action.yml'), join(suite, 'actions', name, 'action.yml'));
    }
    cpSync(join(root, 'dist/gangway'), join(suite, 'dist/gangway'), { recursive: true });
    mkdirSync(join(repository, '.github/workflows'), { recursive: true });
    mkdirSync(home);
    writeFileSync(join(repository, '.github/workflows/test.yml'), WORKFLOW);
    for (const args of [
      ['init', '--quiet', '--initial-branch=main'],
      ['add', '.'],
      ['commit', '--quiet', '--message=x'],
    ])
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        cwd: repository,
      });
    execFileSync('git', ['remote', 'add', 'origin', 'https://github.com/acme/shop.git'], { cwd: repository });

    const events: ActEvent[] = [];
    const { jobResults } = await runAct({
      act: act ?? '',
      directory: repository,
      args: [
        ...['push', '--platform', 'ubuntu-latest=-self-hosted'],
        ...['--local-repository', `gangway-dev/gangway@v1=${suite}`],
        ...['--artifact-server-path', artifacts, '--artifact-server-addr', '127.0.0.1'],
        ...['--artifact-server-port', String(await freePort())],
      ],
      env: {
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
        HOME: home,
        // No container runs here.
        DOCKER_HOST: 'unix:///nowhere/docker.sock',
      },
      onEvent: (event) => events.push(event),
    });
    const said = events.map(({ msg }) => msg?.trimEnd()).join('\n');
    expect(jobResults, said).toEqual(['failure']);
    expect(said).toMatch(/pubsub\.googleapis\.com/);
    expect(said).toMatch(/status of the local cloud: .*demo-project/);
    const uploaded = readdirSync(artifacts, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.zip'),
    );
    expect(uploaded, said).toEqual([expect.stringMatching(/local-cloud-deploy-[0-9a-f]{6}\.zip$/)]);
    const list = spawnSync('python3', ['-m', 'zipfile', '--list', join(artifacts, uploaded[0] ?? '')], {
      encoding: 'utf8',
    });
    expect(list.stdout).toMatch(
      /requests\.jsonl[\s\S]*resources\.json|resources\.json[\s\S]*requests\.jsonl/,
    );
    // The local cloud ended with its job.
    const [, origin = ''] = /The local cloud answers at (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
    await expect(fetch(origin)).rejects.toThrow();
  });
});

const output = (name: string) => `\${{ steps.cloud.outputs.${name} }}`;
const WORKFLOW = `on: push
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: gangway-dev/gangway/actions/setup-local-cloud@v1
        id: cloud
      - uses: gangway-dev/gangway/actions/enable-service@v1
        with:
          services: pubsub.googleapis.com
          workload_identity_provider: ${output('workload_identity_provider')}
          service_account: ${output('service_account')}
      - run: 'echo "status of the local cloud: $(gangway status --json | tr -d "\\n")"'
      - run: exit 1
`;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
