import { type Answer, serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { imageLayers } from './layers.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const CONFIG = {
  history: [
    { created_by: 'ADD rootfs.tar /' },
    { created_by: 'ENV A=b', empty_layer: true },
    { created_by: 'RUN make' },
  ],
};
const MANIFEST = {
  config: { digest: digest('c'), size: 1 },
  layers: [
    { digest: digest('1'), size: 100 },
    { digest: digest('2'), size: 20 },
  ],
};
const LAYERS = [
  { digest: digest('1'), size: 100, instruction: 'ADD rootfs.tar /' },
  { digest: digest('2'), size: 20, instruction: 'RUN make' },
];

const serving = (contents: Record<string, unknown>) =>
  serve(({ path }): Answer => {
    const body = contents[path.split('/').at(-1) ?? ''];
    return body ? { body } : { status: 404 };
  });

it('are told with the instruction that made each', async () => {
  await using server = await serving({ [digest('a')]: MANIFEST, [digest('c')]: CONFIG });
  expect(await imageLayers(signedIn(), `${server.host}/p/r/app`, digest('a'))).toEqual(LAYERS);
  expect(server.requests.map(({ path }) => path)).toEqual([
    `/v2/p/r/app/manifests/${digest('a')}`,
    `/v2/p/r/app/blobs/${digest('c')}`,
  ]);
});

it('are those for linux/amd64 of an index', async () => {
  const manifests = [
    { digest: digest('f'), size: 1, platform: { os: 'linux', architecture: 'arm64' } },
    { digest: digest('a'), size: 1, platform: { os: 'linux', architecture: 'amd64' } },
    { digest: digest('e'), size: 1, platform: { os: 'unknown', architecture: 'unknown' } },
  ];
  await using server = await serving({
    [digest('b')]: { manifests },
    [digest('a')]: MANIFEST,
    [digest('c')]: CONFIG,
  });
  expect(await imageLayers(signedIn(), `${server.host}/p/r/app`, digest('b'))).toEqual(LAYERS);
});

it('say what the registry answered when it does not give them', async () => {
  await using server = await serving({});
  await expect(imageLayers(signedIn(), `${server.host}/p/r/app`, digest('a'))).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringMatching(/ with 404\.$/),
  });
});
