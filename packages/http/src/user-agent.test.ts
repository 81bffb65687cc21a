import { expect, it } from 'vitest';
import { userAgentOf } from './user-agent.ts';

it.each([
  ['/runner/_actions/gangway-dev/gangway/v1/dist/deploy-cloud-run/index.js', 'gangway (deploy-cloud-run)'],
  ['C:\\a\\_actions\\gangway-dev\\gangway\\v1\\dist\\fly-deploy\\post.js', 'gangway (fly-deploy)'],
  ['/repository/scripts/demo/main.ts', 'gangway'],
  ['/dist/x)(\r\n/index.js', 'gangway'],
  [undefined, 'gangway'],
])('of %j is %s', (script, agent) => {
  expect(userAgentOf(script)).toBe(agent);
});
