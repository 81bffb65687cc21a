import { expect, it } from 'vitest';
import { withoutDefaults } from './proto-json.ts';

it('leaves out what a field is that was never set, and keeps messages, maps and oneofs', () => {
  const service = {
    reconciling: false,
    description: '',
    urls: [],
    labels: { team: '' },
    annotations: {},
    template: { scaling: {}, maxRetries: 0, containers: [{ env: [{ name: 'A', value: '' }] }] },
    traffic: [{ percent: 0, tag: 'next' }, { percent: 100 }],
  };
  expect(withoutDefaults(service)).toEqual({
    labels: { team: '' },
    template: { scaling: {}, maxRetries: 0, containers: [{ env: [{ name: 'A', value: '' }] }] },
    traffic: [{ tag: 'next' }, { percent: 100 }],
  });
});
