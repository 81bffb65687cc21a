import { describe, expect, it } from 'vitest';
import { makePlan, sameResource } from './plan.ts';

const INPUTS = {
  api: 'hello',
  gateway: 'hello-gateway',
  locations: ['us-central1'],
  gatewayServiceAccount: 'gateway@p.iam.gserviceaccount.com',
};
const DOCUMENT = { path: 'openapi.yaml', contents: 'openapi: 3.0.3\n' };

function plan(inputs: Partial<typeof INPUTS> = {}, document: Partial<typeof DOCUMENT> = {}, project = 'p') {
  return makePlan(
    { ...INPUTS, ...inputs } as Parameters<typeof makePlan>[0],
    { ...DOCUMENT, ...document },
    project,
  );
}

describe('makePlan', () => {
  it('names everything in full', () => {
    const { configId, ...others } = plan();
    expect(configId).toMatch(/^hello-[0-9a-f]{16}$/);
    expect(others).toEqual({
      projectId: 'p',
      globalParent: 'projects/p/locations/global',
      apiName: 'projects/p/locations/global/apis/hello',
      configPrefix: 'hello-',
      configName: `projects/p/locations/global/apis/hello/configs/${configId}`,
      places: [
        {
          location: 'us-central1',
          parent: 'projects/p/locations/us-central1',
          gatewayName: 'projects/p/locations/us-central1/gateways/hello-gateway',
        },
      ],
      documents: [DOCUMENT],
      gatewayServiceAccount: INPUTS.gatewayServiceAccount,
    });
  });

  it('gives the same config the same id, whatever gateway serves it', () => {
    expect(plan().configId).toBe(plan({ gateway: 'other', locations: ['europe-west1'] }).configId);
  });

  it('gives any other config another id', () => {
    const ids = [
      plan(),
      plan({}, { contents: 'openapi: 3.0.3' }),
      plan({}, { path: 'openapi.yml' }),
      plan({ gatewayServiceAccount: 'other@p.iam.gserviceaccount.com' }),
    ].map(({ configId }) => configId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps the id within 63 characters that Google takes, and its hash whole', () => {
    const { configId } = plan({ api: `${'a'.repeat(44)}--${'b'.repeat(17)}` });
    expect(configId.length).toBeLessThanOrEqual(63);
    expect(configId).toMatch(/^a{44}-[0-9a-f]{16}$/);
  });
});

describe('sameResource', () => {
  const NAME = 'projects/p/locations/global/apis/a/configs/c';
  it.each(['projects/1234/locations/global/apis/a/configs/c', `//${NAME}`, `${NAME}/`, NAME])(
    '%s is the same',
    (name) => expect(sameResource(name, NAME)).toBe(true),
  );
  it.each([
    'projects/p/locations/global/apis/a/configs/c2',
    'projects/p/locations/global/apis/b/configs/c',
    'projects/p/locations/us-central1/apis/a/configs/c',
    '',
  ])('"%s" is another', (name) => expect(sameResource(name, NAME)).toBe(false));
});
