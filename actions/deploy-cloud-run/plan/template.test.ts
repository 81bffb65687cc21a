import { describe, expect, it } from 'vitest';
import type { Template, Volume } from '../api/resources.ts';
import type { ServiceInputs, Settings } from '../inputs/settings.ts';
import { normalTemplate } from './normal.ts';
import { wantedTemplate } from './template.ts';

const HOME = { projectId: 'p', region: 'us-central1' };
const SETTINGS: Settings = {
  ...{ env: undefined, envStrategy: 'merge', secrets: undefined, secretsStrategy: 'merge', cpu: undefined },
  ...{
    memory: undefined,
    command: undefined,
    args: undefined,
    serviceAccount: undefined,
    timeout: undefined,
  },
  ...{ executionEnvironment: undefined, cloudSql: undefined, sidecars: undefined, dependsOn: undefined },
  vpc: { connector: undefined, network: undefined, subnet: undefined, tags: undefined, egress: undefined },
};
const SERVICE: ServiceInputs = {
  ...{ minInstances: undefined, maxInstances: undefined, concurrency: undefined, port: undefined },
  ...{ http2: undefined, startupProbe: undefined, livenessProbe: undefined, cpuThrottling: undefined },
  ...{ cpuBoost: undefined, sessionAffinity: undefined, ingress: undefined, description: undefined },
  suffix: undefined,
};

/** A template as Google shows it, with more in it than this action names. */
const current: Template = {
  revision: 'hello-00007-abc',
  serviceAccount: 'run@p.iam.gserviceaccount.com',
  maxInstanceRequestConcurrency: 80,
  timeout: '300s',
  encryptionKey: 'key',
  scaling: { minInstanceCount: 1, maxInstanceCount: 5 },
  containers: [
    { name: 'proxy', image: 'sidecar' },
    {
      name: 'app',
      image: 'old',
      env: [
        { name: 'A', value: '1' },
        { name: 'S', valueSource: { secretKeyRef: { secret: 's', version: '1' } } },
      ],
      ports: [{ name: 'h2c', containerPort: 8080 }],
      resources: { limits: { cpu: '1000m', memory: '512Mi' } },
      startupProbe: {
        timeoutSeconds: 240,
        periodSeconds: 240,
        failureThreshold: 1,
        tcpSocket: { port: 8080 },
      },
    },
  ],
};

/** A service whose sidecar mounts volumes, some of them with the main container. */
function withMounted(...volumes: readonly (Volume & { readonly shared?: boolean })[]): Template {
  const mount = (all: readonly Volume[]) => all.map(({ name }) => ({ name, mountPath: `/${name}` }));
  return {
    volumes: volumes.map(({ shared: _, ...volume }) => volume),
    containers: [
      { ports: [{}], volumeMounts: mount(volumes.filter(({ shared }) => shared)) },
      { name: 'side', volumeMounts: mount(volumes) },
    ],
  };
}

function wanted(
  settings: Partial<Settings>,
  service: Partial<ServiceInputs> = {},
  from: Template | undefined = current,
) {
  return wantedTemplate(from, 'new', { ...SETTINGS, ...settings }, { ...SERVICE, ...service }, HOME);
}

describe('wantedTemplate', () => {
  it('of a new service holds the image alone when nothing else is said', () => {
    expect(wantedTemplate(undefined, 'new', SETTINGS, SERVICE, HOME)).toEqual({
      containers: [{ image: 'new' }],
    });
  });

  it('keeps everything but the image of the container that has the port, and the name of the revision', () => {
    const { revision: _, containers: [proxy, app] = [], ...kept } = current;
    expect(wanted({})).toEqual({ ...kept, containers: [proxy, { ...app, image: 'new' }] });
  });

  it('puts in what is named, beside what is there, and lets the probe follow the port', () => {
    expect(wanted({ cpu: '0.5' }, { minInstances: 0, concurrency: 1, port: 9000 })).toMatchObject({
      maxInstanceRequestConcurrency: 1,
      scaling: { minInstanceCount: 0, maxInstanceCount: 5 },
      containers: [
        { name: 'proxy' },
        {
          ports: [{ name: 'h2c', containerPort: 9000 }],
          resources: { limits: { cpu: '500m', memory: '512Mi' } },
          startupProbe: { tcpSocket: { port: 9000 } },
        },
      ],
    });
  });

  it.each<[string, Partial<Settings>, string[]]>([
    ['merges variables', { env: { A: '2', B: '3' } }, ['A=2', 'B=3', 'S:s:1']],
    ['overwrites variables, not secrets', { env: { B: '3' }, envStrategy: 'overwrite' }, ['B=3', 'S:s:1']],
    ['empties variables', { env: {} }, ['S:s:1']],
    ['turns a variable into a secret', { secrets: { A: { secret: 'a', version: '2' } } }, ['S:s:1', 'A:a:2']],
    ['turns a secret into a variable', { env: { S: 'x' } }, ['A=1', 'S=x']],
    [
      'overwrites secrets',
      { secrets: { T: { secret: 't', version: '1' } }, secretsStrategy: 'overwrite' },
      ['A=1', 'T:t:1'],
    ],
    [
      'leaves variables when files are given',
      { secrets: { '/x/y': { secret: 't', version: '1' } } },
      ['A=1', 'S:s:1'],
    ],
  ])('%s', (_, settings, expected) => {
    const env = wanted(settings).containers?.[1]?.env ?? [];
    const said = env.map(({ name, value, valueSource: { secretKeyRef } = {} }) =>
      secretKeyRef ? `${name}:${secretKeyRef.secret}:${secretKeyRef.version}` : `${name}=${value}`,
    );
    expect(said).toEqual(expected);
  });

  it('keeps files of secrets a folder a volume, adds to them, and gives each folder one secret', () => {
    const file = (path: string, secret: string) => ({ secrets: { [path]: { secret, version: '1' } } });
    const one = wanted(file('/run/a', 'a'));
    const two = wanted(file('/run/b', 'a'), {}, one);
    expect(two.volumes).toEqual([
      {
        name: expect.any(String),
        secret: {
          secret: 'a',
          items: [
            { path: 'a', version: '1' },
            { path: 'b', version: '1' },
          ],
        },
      },
    ]);
    expect(two.containers?.[1]?.volumeMounts).toEqual([{ name: two.volumes?.[0]?.name, mountPath: '/run' }]);
    expect(() => wanted(file('/run/c', 'other'), {}, two)).toThrow('"/run/c"');
  });

  const idle = ({ containers = [] }: Template) => containers.map(({ resources }) => resources?.cpuIdle);
  const sidecars = [{ name: 'proxy', image: 'p', resources: { limits: { memory: '1Gi' } } }];

  it.each<[string, Partial<Settings>, Partial<ServiceInputs>, Template | undefined, unknown[]]>([
    ['memory on a new service', { memory: '1Gi' }, {}, {}, [true]],
    ['cpu_boost on a new service', {}, { cpuBoost: true }, {}, [true]],
    ['nothing on a new service', {}, {}, {}, [undefined]],
    ['cpu_throttling off', { memory: '1Gi' }, { cpuThrottling: false }, {}, [false]],
    ['memory where it is off', { memory: '1Gi' }, {}, current, [undefined, undefined]],
    ['cpu_throttling on where it is off', {}, { cpuThrottling: true }, current, [undefined, true]],
    ['a sidecar with resources', { sidecars }, {}, {}, [undefined, true]],
    ['the same beside CPUs that are not idle', { sidecars }, {}, current, [false, undefined]],
    [
      'memory beside a GPU',
      { memory: '16Gi' },
      {},
      { nodeSelector: { accelerator: 'nvidia-l4' }, containers: [{ image: 'i' }] },
      [false],
    ],
    ['a GPU beside a sidecar', { sidecars, gpu: '1' }, {}, {}, [false, false]],
    [
      'a GPU beside a sidecar that is there, with idle CPUs',
      { gpu: '1' },
      {},
      { containers: [...sidecars, { image: 'i', ports: [{}], resources: { cpuIdle: true } }] },
      [false, false],
    ],
  ])('says of idle CPUs what %s means', (_, settings, service, from, expected) => {
    expect(idle(wanted(settings, service, from)).toSorted()).toEqual(expected.toSorted());
  });

  it.each<[Partial<Settings>, Template]>([
    [{ gpu: '1' }, current],
    [{}, wanted({ gpu: '1' })],
  ])('refuses idle CPUs with a GPU, %j', (settings, from) => {
    expect(() => wanted(settings, { cpuThrottling: true }, from)).toThrow('Input "cpu_throttling"');
    expect(idle(wanted({ gpu: '0' }, { cpuThrottling: true }, from))).toContain(true);
  });

  const network = { networkInterfaces: [{ network: 'n', tags: ['old'] }], egress: 'PRIVATE_RANGES_ONLY' };

  it.each<[object, Template | undefined, unknown]>([
    [{ egress: 'ALL_TRAFFIC' }, { vpcAccess: network }, { ...network, egress: 'ALL_TRAFFIC' }],
    [
      { tags: ['a'] },
      { vpcAccess: network },
      { ...network, networkInterfaces: [{ network: 'n', tags: ['a'] }] },
    ],
    [{ tags: [] }, { vpcAccess: network }, { ...network, networkInterfaces: [{ network: 'n', tags: [] }] }],
    [{ tags: [] }, undefined, undefined],
    [{ tags: [] }, { vpcAccess: { connector: 'a/c' } }, { connector: 'a/c' }],
  ])('puts %j alone into the VPC that is there', (vpc, from, expected) => {
    const settings = { vpc: { ...SETTINGS.vpc, ...vpc } };
    expect(wanted(settings, {}, from).vpcAccess).toEqual(expected);
  });

  it.each([
    [{ egress: 'ALL_TRAFFIC' }, 'vpc_egress'],
    [{ tags: ['a'] }, 'network_tags'],
  ])('refuses %j where there is no VPC', (vpc, name) => {
    expect(() => wanted({ vpc: { ...SETTINGS.vpc, ...vpc } })).toThrow(`Input "${name}" is not valid`);
  });

  it('leaves what it was given as it was', () => {
    const before = structuredClone(current);
    wanted({ env: { X: 'x' }, cpu: '2', cloudSql: ['p:r:i'] }, { minInstances: 2, port: 1 });
    expect(current).toEqual(before);
  });
});

describe('the name of a volume', () => {
  const memory = (name: string, sizeLimit?: string): Volume => ({
    name,
    emptyDir: { medium: 'MEMORY', ...(sizeLimit && { sizeLimit }) },
  });
  const given = (volume: Volume) => ({ volumes: [{ volume, path: '/x' }] });

  it.each<[string, Template, Partial<Settings>]>([
    ['of Cloud SQL', {}, { ...given(memory('cloudsql')), cloudSql: ['p:r:db'] }],
    ['of a secret', withMounted({ name: 'v', secret: { secret: 's' }, shared: true }), given(memory('v'))],
    ['that a sidecar mounts', withMounted(memory('v', '1Gi')), given(memory('v'))],
  ])('%s is refused for another', (what, from, settings) => {
    expect(() => wanted(settings, {}, from)).toThrow('Input "volumes" is not valid: "name=');
    expect(() => wanted(settings, {}, from)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`the volume ${what} has that name`) }),
    );
  });

  it.each<[string, Template]>([
    ['an equal one of a sidecar', withMounted(memory('v', '2Gi'))],
    ['its own, shared with a sidecar', withMounted({ ...memory('v', '1Gi'), shared: true })],
    ['one that nobody mounts', { volumes: [memory('v')] }],
  ])('stands for %s', (_, from) => {
    const { volumes, containers = [] } = wanted(given(memory('v', '2Gi')), {}, from);
    expect(volumes).toEqual([memory('v', '2Gi')]);
    expect(containers[0]?.volumeMounts).toEqual([{ name: 'v', mountPath: '/x' }]);
  });
});

describe('normalTemplate', () => {
  const shown = (part: object) => JSON.stringify(normalTemplate({ containers: [{ image: 'i', ...part }] }));
  const plain = shown({});

  it('looks past the defaults that Cloud Run fills in, orders, and the spelling of CPUs', () => {
    expect(shown({ resources: { limits: { memory: '512Mi', cpu: '1' }, cpuIdle: true } })).toBe(plain);
    expect(shown({ ports: [{ name: 'http1', containerPort: 8080 }] })).toBe(plain);
    expect(
      shown({
        startupProbe: {
          tcpSocket: { port: 8080 },
          timeoutSeconds: 240,
          periodSeconds: 240,
          failureThreshold: 1,
        },
      }),
    ).toBe(plain);
    expect(shown({ env: [{ name: 'B' }, { name: 'A', value: '' }] })).toBe(
      shown({ env: [{ name: 'A' }, { name: 'B', value: '' }] }),
    );
  });

  it.each([
    ['the image', { image: 'other' }],
    ['a variable', { env: [{ name: 'A', value: '2' }] }],
    ['a port', { ports: [{ containerPort: 1 }] }],
    ['a limit', { resources: { limits: { cpu: '2' } } }],
    ['CPU always', { resources: { cpuIdle: false } }],
    ['CPU always, which Google does not say', { resources: { limits: { cpu: '1000m', memory: '512Mi' } } }],
    ['a probe', { startupProbe: { httpGet: { path: '/' } } }],
    ['something that this action does not know', { baseImageUri: 'x' }],
  ])('sees %s', (_, part) => expect(shown(part)).not.toBe(plain));
});
