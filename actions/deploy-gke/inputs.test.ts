import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from './inputs.ts';
import { loadManifests } from './manifests/files.ts';
import { checkImagesUsed } from './manifests/replace-images.ts';

const { inputs: DECLARED } = parse(readFileSync(new URL('action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = `us-central1-docker.pkg.dev/my-project/apis/web@${DIGEST}`;

afterEach(() => vi.unstubAllEnvs());

function read(given: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = {
    cluster_name: 'main',
    location: 'us-central1',
    manifests: 'k8s',
    ...given,
  };
  for (const [name, { default: value = '' }] of Object.entries(DECLARED))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, all[name] ?? value);
  return readInputs();
}

it.each<[Record<string, string>, string]>([
  [{ cluster_name: 'Main' }, 'Input "cluster_name" is not valid: "Main"'],
  [{ cluster_name: 'projects/p/clusters/main' }, 'Input "cluster_name" is not valid'],
  [{ location: '' }, 'Input "location" is required and was empty'],
  [{ location: 'us central' }, 'Input "location" is not valid: "us central"'],
  [
    { cluster_name: 'projects/my-project/locations/europe-west1/clusters/main' },
    'Input "location" is not valid: "us-central1"',
  ],
  [{ namespace: 'Shop' }, 'Input "namespace" is not valid: "Shop"'],
  [{ manifests: '' }, 'Input "manifests" is required and was empty'],
  [{ deployment: 'web' }, 'Input "deployment" is not valid: "web"'],
  [{ image: IMAGE }, `Input "image" is not valid`],
  [{ container: 'app' }, 'Input "container" is not valid: "app"'],
  [{ images: 'Web:1' }, 'Input "images" is not valid: "Web:1"'],
  [{ images: `web:1=${IMAGE}` }, 'Input "images" is not valid'],
  [{ images: `${IMAGE}\nus-central1-docker.pkg.dev/my-project/apis/web:2` }, 'Input "images" is not valid'],
  [{ prune: 'app' }, 'Input "prune" is not valid: "app"'],
  [{ rollback: '' }, 'Input "rollback" is not valid: ""'],
  [{ timeout: 'soon' }, 'Input "timeout" is not valid: "soon"'],
  [{ use_internal_ip: 'true', use_connect_gateway: 'true' }, 'Input "use_connect_gateway" is not valid'],
])('refuses %j', (given, message) => {
  expect(() => read(given)).toThrow(message);
});

it.each<[Record<string, string>, string]>([
  [{ images: IMAGE }, 'Input "images" is not valid'],
  [{ prune: 'a=b' }, 'Input "prune" is not valid: "a=b"'],
  [{ image: '' }, 'Input "image" is required and was empty'],
  [{ deployment: 'cronjob/web' }, 'Input "deployment" is not valid: "cronjob/web"'],
])('refuses %j beside a deployment', (given, message) => {
  expect(() => read({ manifests: '', deployment: 'web', image: IMAGE, ...given })).toThrow(message);
});

it('takes a cluster by its full name, and a workload by its kind', () => {
  const { cluster, work } = read({
    cluster_name: 'projects/my-project/locations/us-central1-a/clusters/main',
    location: '',
    manifests: '',
    deployment: 'StatefulSet/db',
    image: 'postgres:17',
  });
  expect(cluster).toEqual({ project: 'my-project', location: 'us-central1-a', name: 'main' });
  expect(work).toEqual({
    kind: 'image',
    workload: 'StatefulSet',
    name: 'db',
    container: undefined,
    image: 'postgres:17',
  });
});

describe('the manifests', () => {
  const inFolder = async (files: Readonly<Record<string, string>>, paths: readonly string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'gangway-manifests-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      vi.stubEnv('GITHUB_WORKSPACE', folder);
      vi.stubEnv('INPUT_NAMESPACE', 'default');
      return await loadManifests(paths);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const pod = (image: string) =>
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } },
      spec: { containers: [{ name: 'app', image }] },
    });

  it('are all files of a folder that look like manifests, in order', async () => {
    const files = { 'b.yml': pod('b'), 'a.json': pod('a').replace('web', 'other'), 'README.md': 'x' };
    expect((await inFolder(files, ['.'])).map(({ file }) => file)).toEqual(['a.json', 'b.yml']);
  });

  it.each([
    [{ 'README.md': 'x' }, ['.'], 'the folder has no .yaml, .yml or .json file directly in it'],
    [{ 'a.yaml': '# nothing' }, ['a.yaml'], 'there are no Kubernetes objects in it'],
    [{ 'a.yaml': pod('a') }, ['absent.yaml'], 'there is no file or folder "absent.yaml"'],
  ])('%j are not to be read as %j', async (files, paths, message) => {
    const error = await inFolder(files as Record<string, string>, paths).catch((one: Error) => one);
    expect(`${(error as Error).message} ${Object(error).hint}`).toContain(message);
  });

  it('must not name an object twice', async () => {
    const files = { 'a.yaml': pod('a'), 'b.yaml': pod('b') };
    await expect(inFolder(files, ['a.yaml', 'b.yaml'])).rejects.toThrow(
      'b.yaml:1: pod/web is in a.yaml:1, too',
    );
  });

  it('must have the images that are to be put in place', async () => {
    const manifests = await inFolder({ 'a.yaml': pod('registry/app:1') }, ['a.yaml']);
    expect(() => checkImagesUsed(manifests, [{ name: 'registry/app', image: IMAGE }])).not.toThrow();
    expect(() => checkImagesUsed(manifests, [{ name: 'web', image: IMAGE }])).toThrow(
      'Input "images" names web, which no container in the manifests has',
    );
  });
});

const CHART = { manifests: '', chart: 'charts/web', release: 'web' };

it('reads a chart and its values, which are what they look like', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'gangway-inputs-'));
  for (const file of ['a.yaml', 'b.yaml']) writeFileSync(join(workspace, file), '');
  vi.stubEnv('GITHUB_WORKSPACE', workspace);
  const set = 'replicas=3\non=true\noff=null\nname=a,b={c}=d\nport="80"\nzero=007\na\\.b.c=x';
  const { work } = read({ ...CHART, set, values: 'a.yaml\nb.yaml', image: IMAGE, chart_version: '^1.2' });
  expect(work).toMatchObject({
    ...{ kind: 'release', name: 'web', chart: 'charts/web', version: '^1.2', image: IMAGE },
    ...{ imageKeys: ['image'], valueFiles: [join(workspace, 'a.yaml'), join(workspace, 'b.yaml')] },
    values: [
      { keys: ['replicas'], value: 3 },
      { keys: ['on'], value: true },
      { keys: ['off'], value: null },
      { keys: ['name'], value: 'a,b={c}=d' },
      { keys: ['port'], value: '"80"' },
      { keys: ['zero'], value: '007' },
      { keys: ['a.b', 'c'], value: 'x' },
    ],
  });
  rmSync(workspace, { recursive: true });
});

it.each([
  'oci://us-central1-docker.pkg.dev/my-project/charts/web',
  'bitnami/nginx',
  'https://example.com/web-1.tgz',
])('leaves %s to helm', (chart) => expect(read({ ...CHART, chart }).work).toMatchObject({ chart }));

it.each<[Record<string, string>, string]>([
  [{ release: '' }, 'Input "release" is required'],
  [{ release: 'Web' }, 'Input "release" is not valid: "Web"'],
  [{ chart: '--kubeconfig=x' }, 'Input "chart" is not valid: "--kubeconfig=x"'],
  [
    { chart: './charts/nothing' },
    'Input "chart" is not valid: there is no file or folder "./charts/nothing"',
  ],
  [{ chart: 'nothing' }, 'there is no file or folder "nothing"'],
  [{ chart: 'charts/web-1.tgz' }, 'there is no file or folder "charts/web-1.tgz"'],
  [{ values: 'prod.yaml' }, 'Input "values" is not valid: there is no file or folder "prod.yaml"'],
  [{ chart_version: '--devel' }, 'Input "chart_version" is not valid'],
  [{ set: 'replicas' }, 'Input "set" is not valid: a line has no NAME'],
  [{ set: 'list[0]=1' }, 'Input "set" is not valid: "list[0]"'],
  [{ set: 'a..b=1' }, 'Input "set" is not valid: "a..b"'],
  [{ image_value: 'web.image' }, 'Input "image_value" is not valid: "web.image"'],
  [{ images: IMAGE }, 'Input "images" is not valid'],
  [{ prune: 'a=b' }, 'Input "prune" is not valid: "a=b"'],
  [{ force_conflicts: 'true' }, 'Input "force_conflicts" is not valid: "true"'],
  [{ manifests: 'k8s' }, 'Input "chart" is not valid: "charts/web"'],
  [{ deployment: 'web' }, 'Input "chart" is not valid: "charts/web"'],
])('refuses %j of a chart', (given, message) => {
  expect(() => read({ ...CHART, ...given })).toThrow(message);
});

it('shows no value of what is only for a chart', () => {
  expect(() => read({ set: 'password=hunter2' })).toThrow('Input "set" has no effect with manifests.');
  expect(() => read({ ...CHART, set: '=hunter2' })).toThrow(/^(?!.*hunter2)/);
});
