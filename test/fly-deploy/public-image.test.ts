import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from '@gangway/engine';
import { expect, it } from 'vitest';
import { buildImage, OCI_MANIFEST, type TestImage } from '../../packages/emulator/test/image.ts';
import { copyBusybox } from '../helpers/busybox.ts';
import { startJob } from '../helpers/job.ts';

// needs: engine, busybox, flyctl

const MISSING = find('flyctl').length === 0 || find('busybox').length === 0 || !process.env.DOCKER_HOST;

it.skipIf(MISSING)(
  'an image of a public registry is pulled and runs, by digest, and is left alone then',
  async () => {
    await using job = await startJob();
    const { cloud } = job;
    const workspace = await mkdtemp(join(tmpdir(), 'gangway-public-'));
    await copyBusybox(join(workspace, 'busybox'));
    const image = (page: string) =>
      readFile(join(workspace, 'busybox')).then((content) =>
        buildImage(
          [
            { path: 'bin/busybox', mode: 0o755, content },
            { path: 'www/index.html', mode: 0o644, content: page },
          ],
          { Entrypoint: ['/bin/busybox'], Cmd: ['httpd', '-f', '-p', '8080', '-h', '/www'] },
        ),
      );
    const [one, two] = [await image('one'), await image('two')];
    const registry = await serve([one, two]);
    await using _ = registry;
    registry.tag(one);

    const organization = cloud.fly.organizations.get('personal');
    if (!organization) throw new Error('the local cloud has no organization');
    const app = cloud.fly.addApp('open', organization);
    const token = cloud.fly.tokens.issue({ kind: 'deploy', name: 'ci', organization, app, lifetime: 3600 });
    await writeFile(
      join(workspace, 'fly.toml'),
      'app = "open"\nprimary_region = "iad"\n[http_service]\ninternal_port = 8080\nauto_stop_machines = "off"\n',
    );
    const reference = `${registry.host}/library/web:1.27`;
    const deploy = () =>
      job.step(
        'fly-deploy',
        {
          ...{ image: reference, api_token: token.macaroon, flyctl_version: 'path' },
          ...{ strategy: 'immediate', ha: 'false' },
        },
        { workspace, env: { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' } },
      );
    const first = await deploy();
    expect(first.outputs).toMatchObject({ changed: 'true', image: `${reference}@${one.manifest.digest}` });
    expect(await (await fetch(app.url ?? '')).text()).toBe('one');
    expect((await deploy()).outputs.changed).toBe('false');
    // The same name, and another image by now.
    registry.tag(two);
    const moved = await deploy();
    expect(moved.outputs).toMatchObject({ changed: 'true', image: `${reference}@${two.manifest.digest}` });
    expect(await (await fetch(app.url ?? '')).text()).toBe('two');
  },
);

/** A registry that everybody may read, as Docker Hub is. */
async function serve(images: readonly TestImage[]) {
  let tagged = images[0];
  const pieces = images.flatMap(({ manifest, blobs }) => [manifest, ...blobs]);
  const server = createServer(({ url = '' }, response) => {
    const [, kind, reference] = /^\/v2\/library\/web\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    if (!kind) return response.writeHead(url === '/v2/' ? 200 : 404).end();
    const wanted = reference === '1.27' ? tagged?.manifest.digest : reference;
    const found = pieces.find(({ digest }) => digest === wanted);
    if (!found) return response.writeHead(404).end();
    const type = kind === 'manifests' ? OCI_MANIFEST : 'application/octet-stream';
    response.writeHead(200, {
      'content-type': type,
      'content-length': found.bytes.length,
      'docker-content-digest': found.digest,
    });
    return response.end(found.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tag: (image: TestImage) => {
      tagged = image;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
