import { expect, it } from 'vitest';
import type { NeedName } from './needs.ts';
import { applyPlan, planOf } from './plan.ts';
import type { Outcome } from './preparation.ts';

const tool = (path: string[], variables: Record<string, string> = {}): Outcome => ({
  environment: { path, variables },
  missing: '',
  seconds: 0,
});
const SETTLED = new Map<NeedName, Outcome>([
  ['engine', tool(['/docker'], { DOCKER_HOST: 'unix:///engine.sock' })],
  ['base-image', tool([], { GANGWAY_BASE_IMAGE: 'base' })],
  ['flyctl', tool(['/tools/flyctl'])],
  ['act', { environment: undefined, missing: 'no Go', seconds: 0 }],
]);
const selected = (file: string, ...needs: NeedName[]) => ({
  file,
  needs: new Set(needs),
  without: new Set<NeedName>(),
});

it('gives each file the tools that it has declared, and no others', () => {
  const files = [
    selected('/a', 'engine', 'base-image'),
    selected('/b', 'flyctl', 'act'),
    selected('/c', 'engine', 'flyctl'),
    selected('/d'),
  ];
  expect(planOf(files, SETTLED, '/usr/bin:/docker:/bin')).toEqual({
    '/a': {
      DOCKER_HOST: 'unix:///engine.sock',
      GANGWAY_BASE_IMAGE: 'base',
      PATH: '/docker:/usr/bin:/bin',
    },
    '/b': { PATH: '/tools/flyctl:/usr/bin:/docker:/bin' },
    '/c': { DOCKER_HOST: 'unix:///engine.sock', PATH: '/docker:/tools/flyctl:/usr/bin:/bin' },
    '/d': { PATH: '/usr/bin:/docker:/bin' },
  });
});

it('hides the programs that this run leaves to npm run test:full', () => {
  const parts = { ...selected('/a', 'engine'), without: new Set<NeedName>(['buildkit', 'flyctl']) };
  expect(planOf([parts], SETTLED, '/bin')['/a']).toMatchObject({
    GANGWAY_LEFT_PROGRAMS: 'buildkitd buildctl flyctl',
  });
  const environment = { GANGWAY_LEFT_PROGRAMS: 'gcloud' };
  applyPlan(planOf([selected('/a')], SETTLED, '/bin'), '/a', environment);
  expect(environment).toEqual({ PATH: '/bin' });
});

it('takes from a file what it has not declared, whatever the shell had', () => {
  const environment = {
    DOCKER_HOST: 'unix:///mine',
    GANGWAY_BASE_IMAGE: 'mine',
    HOME: '/home',
    PATH: '/bin',
  };
  applyPlan(planOf([selected('/a', 'engine')], SETTLED, '/bin'), '/a', environment);
  expect(environment).toEqual({
    DOCKER_HOST: 'unix:///engine.sock',
    HOME: '/home',
    PATH: '/docker:/bin',
  });
});
