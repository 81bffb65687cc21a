import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { published } from '../../scripts/act/workspace.ts';
import { PINNED_ACTIONS } from './pinned-actions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Workflows, actions, and what pages and examples show: whoever copies them gets what is pinned.
const files = execFileSync('git', ['ls-files', '*.yml', '*.yaml', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !path.includes('/fixtures/'));
const uses = files.flatMap((path) =>
  [
    ...withoutOldWays(readFileSync(join(root, path), 'utf8')).matchAll(/^[#\s>-]*uses:[ \t]*(\S+)(.*)$/gm),
  ].map(([, reference = '', rest = '']) => ({ path, reference: `${reference}${rest}` })),
);
/** What is of this repository moves with the reference that its caller chose, and a page's `my-org` is the reader. */
const foreign = uses.filter(
  ({ reference }) => !['$/', './', 'my-org/', `${published}/`].some((own) => reference.startsWith(own)),
);

/** Pages about migrating also show what to come from, as people have it: nobody copies that. */
function withoutOldWays(text: string): string {
  return text.replace(/^```yaml\n# before\n[\s\S]*?^```$/gm, '');
}

/** One repository may hold several actions. */
const repositoryOf = (reference: string) => reference.split('@')[0]?.split('/').slice(0, 2).join('/') ?? '';

describe('an action of others', () => {
  it('is there to look at', () => {
    expect(files).toContain('.github/workflows/release.yml');
    expect(files).toContain('README.md');
    expect(foreign.length).toBeGreaterThan(10);
  });

  it.each(foreign)('in $path is pinned to the commit of its version: $reference', ({ reference }) => {
    const [action = ''] = reference.split('@');
    const pinned = PINNED_ACTIONS[repositoryOf(reference)];
    expect(reference).toBe(`${action}@${pinned?.commit} # ${pinned?.version}`);
  });

  it.each(Object.keys(PINNED_ACTIONS))('that is listed, %s, is used', (action) => {
    expect(foreign.map(({ reference }) => repositoryOf(reference))).toContain(action);
    expect(PINNED_ACTIONS[action]).toEqual({
      version: expect.stringMatching(/^v\d+\.\d+\.\d+$/),
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  });
});
