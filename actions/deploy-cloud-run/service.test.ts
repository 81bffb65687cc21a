import { describe, expect, it } from 'vitest';
import type { Settings } from './inputs.ts';
import { type Service, sameTemplate, wantedTemplate } from './service.ts';

const NOTHING: Settings = {
  env: undefined,
  cpu: undefined,
  memory: undefined,
  minInstances: undefined,
  maxInstances: undefined,
  concurrency: undefined,
  port: undefined,
  serviceAccount: undefined,
};

/** A service as Google shows it, with more in it than this action knows. */
const current: NonNullable<Service['template']> & { vpcAccess: object; timeout: string } = {
  revision: 'hello-00007-abc',
  serviceAccount: 'run@p.iam.gserviceaccount.com',
  maxInstanceRequestConcurrency: 80,
  timeout: '300s',
  vpcAccess: { egress: 'ALL_TRAFFIC' },
  scaling: { minInstanceCount: 1, maxInstanceCount: 5 },
  containers: [
    {
      image: 'old',
      env: [{ name: 'A', value: '1' }],
      ports: [{ name: 'h2c', containerPort: 8080 }],
      resources: { limits: { cpu: '1000m', memory: '512Mi' } },
    },
    { image: 'sidecar' },
  ],
};

describe('wantedTemplate', () => {
  it('of a new service holds the image alone when nothing else is said', () => {
    expect(wantedTemplate(undefined, 'new', NOTHING)).toEqual({ containers: [{ image: 'new' }] });
  });

  it('keeps everything but the image and the name of the revision', () => {
    const { revision: _, containers: [main, sidecar] = [], ...kept } = current;
    expect(wantedTemplate(current, 'new', NOTHING)).toEqual({
      ...kept,
      containers: [{ ...main, image: 'new' }, sidecar],
    });
  });

  it('puts in what is named, beside what is there', () => {
    const settings = { ...NOTHING, cpu: '0.5', maxInstances: 9, concurrency: 1, port: 9000 };
    expect(wantedTemplate(current, 'new', settings)).toMatchObject({
      maxInstanceRequestConcurrency: 1,
      scaling: { minInstanceCount: 1, maxInstanceCount: 9 },
      containers: [
        {
          ports: [{ name: 'h2c', containerPort: 9000 }],
          resources: { limits: { cpu: '500m', memory: '512Mi' } },
        },
        { image: 'sidecar' },
      ],
    });
  });

  it('sets no instances at all to none, rather than leaving them', () => {
    expect(wantedTemplate(current, 'new', { ...NOTHING, minInstances: 0 }).scaling).toEqual({
      minInstanceCount: 0,
      maxInstanceCount: 5,
    });
  });

  it('replaces the whole environment, secrets by reference', () => {
    const env = { B: '', TOKEN: { secret: 'token', version: '3' } };
    expect(wantedTemplate(current, 'new', { ...NOTHING, env }).containers?.[0]?.env).toEqual([
      { name: 'B', value: '' },
      { name: 'TOKEN', valueSource: { secretKeyRef: { secret: 'token', version: '3' } } },
    ]);
  });

  it('leaves what it was given as it was', () => {
    const before = structuredClone(current);
    wantedTemplate(current, 'new', { ...NOTHING, env: { X: 'x' }, cpu: '2', minInstances: 2 });
    expect(current).toEqual(before);
  });
});

describe('sameTemplate', () => {
  const container = (part: object) => ({ containers: [{ image: 'i', ...part }] });
  const env = (...names: string[]) => container({ env: names.map((name) => ({ name, value: name })) });
  const limits = (cpu: string, memory = '1Gi') => container({ resources: { limits: { memory, cpu } } });

  it('looks past the order of keys and variables, and the spelling of CPUs', () => {
    expect(sameTemplate(env('A', 'B'), env('B', 'A'))).toBe(true);
    expect(sameTemplate(limits('1'), limits('1000m'))).toBe(true);
    expect(
      sameTemplate(
        { serviceAccount: 's', scaling: { minInstanceCount: 1, maxInstanceCount: 2 } },
        { scaling: { maxInstanceCount: 2, minInstanceCount: 1 }, serviceAccount: 's' },
      ),
    ).toBe(true);
  });

  it('takes an empty value for none, as Google leaves it out', () => {
    expect(
      sameTemplate(container({ env: [{ name: 'A', value: '' }] }), container({ env: [{ name: 'A' }] })),
    ).toBe(true);
  });

  it('holds for what a deploy makes of a service that is as wanted', () => {
    const settings = { ...NOTHING, env: { A: '1' }, cpu: '1', memory: '512Mi', minInstances: 1 };
    expect(sameTemplate(current, wantedTemplate(current, 'old', settings))).toBe(true);
  });

  it.each([
    ['the image', { image: 'other' }],
    ['a value', { env: [{ name: 'A', value: '2' }] }],
    [
      'a secret in place of a value',
      { env: [{ name: 'A', valueSource: { secretKeyRef: { secret: 's', version: '1' } } }] },
    ],
    ['a port', { ports: [{ containerPort: 1 }] }],
    ['a limit', { resources: { limits: { cpu: '2' } } }],
    ['something that this action does not know', { startupProbe: {} }],
  ])('sees %s', (_, part) => {
    const before = container({ env: [{ name: 'A', value: '1' }] });
    expect(sameTemplate(before, container({ env: [{ name: 'A', value: '1' }], ...part }))).toBe(false);
  });

  it('sees a container more, and a service that is not there', () => {
    expect(sameTemplate(current, { ...current, containers: current.containers?.slice(0, 1) ?? [] })).toBe(
      false,
    );
    expect(sameTemplate(undefined, current)).toBe(false);
  });
});
