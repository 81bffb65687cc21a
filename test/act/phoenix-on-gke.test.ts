import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDockerfile, readStages } from '@gangway/dockerfile';
import { baseImage, type Engine, find, run, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActEvent, runAct } from '../../scripts/act/run-act.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { exampleFiles } from '../helpers/example-files.ts';
import { type GkeCluster, lackingForGke, startGke } from '../helpers/kubernetes/gke.ts';

// needs: base-image, act
// some tests need: kubernetes, elixir
// takes minutes

const NAME = 'phoenix-on-gke';
const EXAMPLE = fileURLToPath(new URL(`../../examples/${NAME}`, import.meta.url));
const [act] = find('act');
const missing = act ? lackingForGke() : 'act';

/**
 * What takes the place of the release: no machine of the tests has Hex and the images of Elixir. It is started by the example's own
 * scripts, and as its own manifests say.
 */
const RELEASE = `#!/usr/bin/env python3
import http.server, os, socket, sys
VERSION, MIGRATION = 'VERSION_', MIGRATION_
os.environ['DATABASE_URL'], os.environ['SECRET_KEY_BASE']
if sys.argv[1] == 'eval':
    print('migrating by', sys.argv[2], 'as', os.getuid())
    sys.exit(MIGRATION)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f'{VERSION} {os.environ["PHX_SERVER"]} as {os.getuid()}'.encode())
class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        # Pods of the local cluster share the network of this machine.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()
Server(('', 4000), Handler).serve_forever()
`;
const DOCKERFILE = `ARG BASE
FROM \${BASE}
COPY rel/overlays/bin release/bin /app/bin/
RUN chmod 755 /app/bin/*
USER 1000:1000
ENTRYPOINT ["/app/bin/server"]
`;

describe('the sources of the Phoenix example', () => {
  const stages = readStages(parseDockerfile(readFileSync(join(EXAMPLE, 'Dockerfile'), 'utf8')));

  it('are built in five stages from images by digest, and run as user 1000', () => {
    expect(stages.map(({ name }) => name)).toEqual(['builder', 'deps', 'frontend', 'releaser', 'runtime']);
    const text = readFileSync(join(EXAMPLE, 'Dockerfile'), 'utf8');
    expect(text.match(/^ARG \w+_IMAGE=.*$/gm)?.every((line) => /@sha256:[0-9a-f]{64}$/.test(line))).toBe(
      true,
    );
    expect(text).toMatch(/^USER 1000:1000$/m);
  });

  it('copies the mix.exs of each application before the dependencies are compiled', () => {
    const text = readFileSync(join(EXAMPLE, 'Dockerfile'), 'utf8');
    const before = text.slice(0, text.indexOf('RUN mix deps.get'));
    for (const app of readdirSync(join(EXAMPLE, 'apps')))
      expect(before).toContain(`COPY apps/${app}/mix.exs apps/${app}/`);
  });

  it.skipIf(find('elixir').length === 0)('can be read by Elixir (needs elixir)', async () => {
    const files = readdirSync(EXAMPLE, { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => /\.exs?$/.test(file));
    expect(sources.length).toBeGreaterThan(12);
    const read = 'for file <- System.argv(), do: Code.string_to_quoted!(File.read!(file), file: file)';
    await run('elixir', ['-e', read, ...sources], { cwd: EXAMPLE });
  });
});

describe.skipIf(missing)(`the Phoenix example on GKE under act${missing ? `: ${missing}` : ''}`, () => {
  let engine: Engine;
  let local: LocalCloud;
  let gke: GkeCluster;
  let files: Record<string, string>;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    gke = await startGke(local.cloud);
    const base = await baseImage(engine);
    files = { ...exampleFiles(NAME, base), Dockerfile: DOCKERFILE.replace('ARG BASE', `ARG BASE=${base}`) };
    // Pods of the local cluster may share the network of this machine: two with a declared port would be one too many for its node.
    files['k8s/web.yaml'] = (files['k8s/web.yaml'] ?? '')
      .replace(/^ +ports: \[\{ name: http, containerPort: 4000 \}\]\n/m, '')
      .replace('port: http', 'port: 4000')
      .replace('targetPort: http', 'targetPort: 4000');
    await gke.cluster.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
    await gke.cluster.api('POST', '/api/v1/namespaces/shop/secrets', {
      metadata: { name: 'shop' },
      stringData: { DATABASE_URL: 'ecto://shop', SECRET_KEY_BASE: 'x'.repeat(64) },
    });
  }, 600_000);

  afterAll(async () => {
    await gke?.[Symbol.asyncDispose]();
    await local?.close();
    await engine?.stop();
  });

  it('is built, migrated and deployed by digest, and stays as it is when a migration fails', async () => {
    const first = await push('v1', 0);
    expect(first.results, first.said).toEqual(['success']);
    expect(first.said).toContain('job.batch/migrate has completed');
    expect(await answer()).toBe('v1 true as 1000');
    const image = await imageOf();
    expect(image).toMatch(/^us-central1-docker\.pkg\.dev\/demo-project\/shop\/shop@sha256:[0-9a-f]{64}$/);

    const failed = await push('v2', 3);
    expect(failed.results, failed.said).toEqual(['failure']);
    expect(failed.said).toContain('migrating by Shop.Release.migrate as 1000');
    expect([await imageOf(), await answer()]).toEqual([image, 'v1 true as 1000']);

    const repaired = await push('v2', 0);
    expect(repaired.results, repaired.said).toEqual(['success']);
    expect(await answer()).toBe('v2 true as 1000');
    expect(await imageOf()).not.toBe(image);

    const again = await push('v2', 0);
    expect(again.said).toContain('Everything matches the manifests.');
  }, 900_000);

  async function push(version: string, migration: number) {
    const events: ActEvent[] = [];
    const release = RELEASE.replace('VERSION_', version).replace('MIGRATION_', String(migration));
    const { jobResults } = await runAct({
      ...{ act: act ?? '', base: '', local },
      caller: { ...files, 'release/bin/shop': release },
      onEvent: (event) => events.push(event),
      variables: {
        NODE_SERVICE_ACCOUNT: `${local.cloud.project.number}-compute@developer.gserviceaccount.com`,
      },
    });
    return { results: jobResults, said: events.map(({ msg }) => msg?.trimEnd()).join('\n') };
  }

  async function imageOf(): Promise<string | undefined> {
    const live = (await gke.cluster.api('GET', '/apis/apps/v1/namespaces/shop/deployments/web')) as {
      spec: { template: { spec: { containers: [{ image: string }] } } };
    };
    return live.spec.template.spec.containers[0].image;
  }

  /** What the pods that are ready say, which is one thing. */
  async function answer(): Promise<string> {
    const { items } = (await gke.cluster.api(
      'GET',
      '/api/v1/namespaces/shop/pods?labelSelector=app=web',
    )) as {
      items: readonly { metadata: { deletionTimestamp?: string }; status: { podIP?: string } }[];
    };
    const addresses = items.flatMap(({ metadata, status }) =>
      metadata.deletionTimestamp || !status.podIP ? [] : [status.podIP],
    );
    expect(addresses).toHaveLength(2);
    const said = await Promise.all(
      addresses.map(async (address) => (await fetch(`http://${address}:4000/healthz`)).text()),
    );
    return [...new Set(said)].join(', ');
  }
});
