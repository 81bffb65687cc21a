import { expect, it } from 'vitest';
import { DECLARED } from './declared-inputs.ts';
import { REFUSED } from './refused-inputs.ts';

/** Inputs of superfly/flyctl-actions, of superfly/fly-pr-review-apps ever since it is there, and of eight of its forks. */
const PEERS =
  'version args action app-prefix build_args build_secrets config cpu cpukind deploy_options ha image launch_options memory name org path postgres region secrets update vmsize vm count volume env_vars private_app flycast flycast_into_org postgres_db_name postgres_source_app';

it.each(PEERS.split(' '))('%s of a peer is an input here, or refused', (name) => {
  expect(DECLARED.includes(name) || Object.hasOwn(REFUSED, name)).toBe(true);
});
