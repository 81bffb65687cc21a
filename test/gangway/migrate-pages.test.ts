import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../packages/cli/src/migrate/migrate.ts';

const ROOT = new URL('../../', import.meta.url);
const PAGES = readdirSync(new URL('docs/migrating', ROOT));
const HEAD =
  'on: push\nenv:\n  REGION: europe-west1\n  PROJECT: my-project\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n';
const CHECKOUT = '- uses: actions/checkout@v6\n';

describe.each(PAGES)('docs/migrating/%s', (page) => {
  const text = readFileSync(new URL(`docs/migrating/${page}`, ROOT), 'utf8');

  it('shows what gangway migrate makes of its example', () => {
    const [before, after] = ['before', 'after'].map(
      (name) => new RegExp(`^\`\`\`yaml\\n# ${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1],
    );
    expect(before).toBeDefined();
    const { text: made } = migrate(workflowOf(CHECKOUT + before), { has: () => true });
    expect(made).toBe(workflowOf(CHECKOUT + after));
  });

  it('links to pages that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(0);
    for (const path of links)
      expect(() => readFileSync(new URL(path, new URL(`docs/migrating/${page}`, ROOT)))).not.toThrow();
  });
});

function workflowOf(steps: string): string {
  return HEAD + steps.replace(/^(?=.)/gm, '      ');
}
