import { expect, it } from 'vitest';
import { DECLARED } from './declared-inputs.ts';
import { REFUSED } from './refused-inputs.ts';

/** Inputs of superfly/flyctl-actions and, ever since it is there, superfly/fly-pr-review-apps. */
const PEERS =
  'version args action app-prefix build_args build_secrets config cpu cpukind deploy_options ha image launch_options memory name org path postgres region secrets update vmsize';

it.each(PEERS.split(' '))('%s of a peer is an input here, or refused', (name) => {
  expect(DECLARED.includes(name) || Object.hasOwn(REFUSED, name)).toBe(true);
});
