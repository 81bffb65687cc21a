import { expect, it } from 'vitest';
import { APIS } from '../../google/discovery/apis.ts';
import { writeAnswer } from './write.ts';

it('leaves out what a field is that was never set, and keeps messages, maps and what has a presence', () => {
  const service = {
    reconciling: false,
    description: '',
    urls: [],
    generation: 3,
    observedGeneration: 0,
    labels: { team: '' },
    annotations: {},
    ingress: 'INGRESS_TRAFFIC_UNSPECIFIED',
    template: { scaling: {}, containers: [{ env: [{ name: 'A', value: '' }] }] },
    traffic: [
      { percent: 0, tag: 'next' },
      { percent: 100, type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' },
    ],
  };
  const shown = {
    generation: '3',
    labels: { team: '' },
    template: { scaling: {}, containers: [{ env: [{ name: 'A', value: '' }] }] },
    traffic: [{ tag: 'next' }, { percent: 100, type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' }],
  };
  const get = method('run.googleapis.com', 'GET', '/v2/projects/p/locations/l/services/s');
  expect(writeAnswer(get, service)).toEqual(shown);
  expect(writeAnswer(get, service, true)).toMatchObject({ traffic: [{}, { type: 1 }] });
  const operation = method('run.googleapis.com', 'GET', '/v2/projects/p/locations/l/operations/o');
  const packed = { '@type': 'type.googleapis.com/google.cloud.run.v2.Service', ...service };
  expect(writeAnswer(operation, { name: 'o', done: false, metadata: packed })).toEqual({
    name: 'o',
    metadata: { '@type': packed['@type'], ...shown },
  });
});

it('shows what an API shows though it was never set', () => {
  const operation = method('apigateway.googleapis.com', 'GET', '/v1/projects/p/locations/l/operations/o');
  expect(writeAnswer(operation, { name: 'o', done: false })).toEqual({ name: 'o', done: false });
});

function method(host: string, verb: string, path: string) {
  for (const api of APIS) {
    const found = api.host === host ? api.method(verb, path) : undefined;
    if (found) return found;
  }
  throw new Error(`${host} has no ${verb} ${path}`);
}
