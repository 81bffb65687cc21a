import { expect, it } from 'vitest';
import { packCarrier } from './carrier.ts';

const OWN = expect.stringMatching(/^gangway-run-[0-9a-f]{32}$/);

it.each([
  ['can be removed', false, true, { tag: OWN, removed: true }],
  ["can't be removed", false, false, { tag: 'gangway-buildpacks', removed: false }],
  ["can't be moved", true, true, { tag: OWN, removed: false }],
])('where a tag %s', (_, immutable, deletes, carrier) => {
  expect(packCarrier(immutable, deletes)).toEqual(carrier);
});
