import { githubRequestToken, type RunningCloud, readRequestToken, startCloud } from '@gangway/emulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { requestTokens, withEnvironments } from './environments.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());

const steps = [{ run: 'true' }];

it.each([
  ['production', "'production'"],
  ["it's", "'it''s'"],
  [{ name: '${{ inputs.environment }}', url: 'https://example.com' }, 'inputs.environment'],
  [
    'pr-${{ github.event.number }}-${{ matrix.region }}',
    "format('pr-{0}-{1}', github.event.number, matrix.region)",
  ],
])('gives a job of %j its token', (environment, expression) => {
  const { jobs } = parse(
    withEnvironments(stringify({ jobs: { deploy: { environment, env: { A: 'b' }, steps } } })),
  );
  expect(jobs.deploy.env).toEqual({
    A: 'b',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: `\${{ fromJSON(vars.GANGWAY_REQUEST_TOKENS)[${expression}] || fromJSON(vars.GANGWAY_REQUEST_TOKENS)[''] }}`,
  });
});

it('gives a job without one the token of none, and leaves calls of workflows alone', () => {
  const deploy = { uses: './x.yml', with: { environment: 'production' } };
  const { jobs } = parse(withEnvironments(stringify({ jobs: { test: { steps }, deploy } })));
  expect(jobs.test.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN).toContain("vars.GANGWAY_REQUEST_TOKENS)['']");
  expect(jobs.deploy).toEqual(deploy);
});

it('makes a token for each environment that a workflow names, beside that of none', () => {
  const token = githubRequestToken(cloud, { repository: 'example/app', ref: 'refs/heads/next' });
  const workflow = stringify({
    jobs: {
      staging: { environment: { name: 'staging', url: '${{ steps.a.outputs.url }}' }, steps },
      production: { uses: './x.yml', with: { environment: 'production', service: 'app' } },
      regions: {
        strategy: { matrix: { environment: ['eu', 'us'] } },
        environment: '${{ matrix.environment }}',
        steps,
      },
    },
  });
  const tokens = JSON.parse(requestTokens(cloud, token, [workflow]).GANGWAY_REQUEST_TOKENS ?? '');
  expect(Object.keys(tokens)).toEqual(['', 'staging', 'production', 'eu', 'us']);
  expect(tokens['']).toBe(token);
  expect(readRequestToken(cloud, tokens.production)).toEqual({
    ...readRequestToken(cloud, token),
    environment: 'production',
  });
});
