import { describe, expect, it } from 'vitest';
import { isAsApplied, MARK, marked } from './applied.ts';

const WANTED = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    template: {
      spec: { containers: [{ name: 'app', image: 'a:1', resources: { limits: { cpu: '0.5' } }, env: [] }] },
    },
  },
};

/** As the server gives it back: with defaults, and its own way to write quantities. */
const live = (change: (container: Record<string, unknown>) => object = () => ({}), more: object = {}) => {
  const container = {
    name: 'app',
    image: 'a:1',
    resources: { limits: { cpu: '500m' } },
    imagePullPolicy: 'Always',
  };
  return {
    ...WANTED,
    metadata: { ...marked(WANTED).metadata, uid: 'u', ...more },
    spec: { replicas: 1, template: { spec: { containers: [{ ...container, ...change(container) }] } } },
  };
};

describe('isAsApplied', () => {
  const wanted = marked(WANTED);
  it('knows what a server fills in', () => {
    expect(isAsApplied(live(), wanted)).toBe(true);
  });
  it.each([
    ['another image', live(() => ({ image: 'a:2' }))],
    ['another quantity', live(() => ({ resources: { limits: { cpu: '501m' } } }))],
    ['a variable more', live(() => ({ env: [{ name: 'A', value: '1' }] }))],
    ['another manifest', live(undefined, { annotations: { [MARK]: 'other' } })],
    ['no mark', live(undefined, { annotations: {} })],
    ['a label less', live(undefined, { labels: {} })],
  ])('sees %s', (_, changed) => {
    expect(isAsApplied(changed, wanted)).toBe(false);
  });
});

describe('marked', () => {
  const mark = (object: Parameters<typeof marked>[0]) => marked(object).metadata.annotations?.[MARK];
  it('is the same whatever the order of keys, and leaves out what servers set', () => {
    const { kind, apiVersion, metadata, spec } = WANTED;
    const again = {
      spec,
      metadata: { ...metadata, uid: 'u', creationTimestamp: null },
      status: {},
      kind,
      apiVersion,
    };
    expect(mark(again as never)).toBe(mark(WANTED));
    expect(marked(again as never)).not.toHaveProperty('status');
    expect(mark({ ...WANTED, spec: {} })).not.toBe(mark(WANTED));
  });
  it('makes data of the texts of a Secret', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'YQ==' },
      stringData: { b: 'b' },
    };
    const sent = marked(secret);
    expect(sent).not.toHaveProperty('stringData');
    expect(sent.data).toEqual({ a: 'YQ==', b: 'Yg==' });
  });
});
