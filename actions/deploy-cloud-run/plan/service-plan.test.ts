import { describe, expect, it } from 'vitest';
import { LATEST, REVISION } from '../api/allocation.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { planService, trafficFor } from './service-plan.ts';
import { lines } from './traffic/targets.ts';

const HOME = { projectId: 'p', region: 'us-central1' };
const CHECK = { url: '/', timeout: 1, as: undefined };
const PART = [
  { type: REVISION, revision: 'a-2', percent: 90 },
  { type: LATEST, percent: 10 },
];
const current: Service = {
  latestReadyRevision: 'services/a/revisions/a-3',
  latestCreatedRevision: 'services/a/revisions/a-3',
  template: { containers: [{ image: 'i' }] },
  traffic: [{ type: REVISION, revision: 'a-2', percent: 100 }],
  annotations: { 'gangway.dev/served': 'a-2=100; a-1=100' },
};

function inputs(split: Inputs['traffic']['split'], more: Partial<Inputs> = {}): Inputs {
  return {
    ...{ name: 'a', kind: 'service', image: undefined, described: undefined, service: {} },
    ...{ settings: { vpc: {} }, labels: { defaults: {} } },
    traffic: { split, tag: undefined, check: CHECK },
    ...more,
  } as unknown as Inputs;
}

function file(traffic: Service['traffic']): Inputs['described'] {
  return { kind: 'service', service: { ...current, traffic } } as Inputs['described'];
}

describe('trafficFor with a check', () => {
  it.each<[string, Inputs, string[]]>([
    ['all to the latest', inputs(undefined), ['100% latest']],
    [
      'all to the latest of a file that says nothing',
      inputs(undefined, { described: file([]) }),
      ['100% latest'],
    ],
    ['what a file says', inputs(undefined, { described: file(PART) }), ['10% latest', '90% a-2']],
    [
      'a share of the inputs over a file',
      inputs({ latest: 50 }, { described: file(PART) }),
      ['50% a-2', '50% latest'],
    ],
  ])('gives %s', (_, asked, expected) => {
    expect(lines(trafficFor(current, asked, 'a-3', false))).toEqual(expected);
  });
});

describe('a step that gives requests', () => {
  it.each<[string, Inputs, boolean]>([
    ['to what served before', inputs({ previous: true }), true],
    ['to a revision', inputs({ revisions: { 'a-1': 100 } }), true],
    ['to the latest too', inputs({ revisions: { 'a-1': 10, LATEST: 90 } }), false],
    ['to the latest by its name', inputs({ revisions: { 'a-3': 100 } }), false],
    ['to the latest alone', inputs({ latest: 100 }), false],
    ['to a revision, and deploys an image', inputs({ revisions: { 'a-1': 100 } }, { image: 'i' }), false],
  ])('%s', (_, asked, expected) => {
    expect(planService(current, asked.image, asked, HOME).isElsewhere).toBe(expected);
  });
});
