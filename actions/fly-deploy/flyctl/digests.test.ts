import { readFileSync } from 'node:fs';
import { goTools } from '@gangway/engine';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { DIGESTS } from './digests.ts';

it('the version that action.yml pins can be checked on the runners of GitHub with Linux and Windows', () => {
  const file = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');
  const { inputs } = parse(file) as { inputs: Record<string, { default?: string }> };
  const known = DIGESTS[inputs.flyctl_version?.default ?? ''] ?? {};
  expect(Object.keys(known)).toEqual(
    expect.arrayContaining(['Linux_x86_64', 'Linux_arm64', 'Windows_x86_64', 'Windows_arm64']),
  );
});

/** What the tests build has to come out of the Go module proxy, which does not serve every version. */
it('the version that action.yml pins is one that the tests run, here or in a job of their own', () => {
  const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const { inputs } = parse(read('actions/fly-deploy/action.yml')) as {
    inputs: Record<string, { default?: string }>;
  };
  const built = goTools.flyctl.version === `v${inputs.flyctl_version?.default}`;
  const { jobs } = parse(read('.github/workflows/ci.yml')) as {
    jobs: Record<string, { needs?: string[]; steps: { run?: string }[] }>;
  };
  const lines = jobs.flyctl?.steps.map(({ run }) => run ?? '').join('\n') ?? '';
  const inJob =
    lines.includes('npm run flyctl-version -- install') &&
    lines.includes('npm test -- test/fly-deploy') &&
    jobs['ci-ok']?.needs?.includes('flyctl');
  expect(built || inJob).toBe(true);
});

it('every digest is one of sha256, and none is there twice', () => {
  const all = Object.values(DIGESTS).flatMap((of) => Object.values(of));
  for (const digest of all) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(all).size).toBe(all.length);
});
