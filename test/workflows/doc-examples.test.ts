import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { errorsInCalls } from './calls.ts';

interface Workflow {
  readonly on?: unknown;
  readonly jobs?: Readonly<Record<string, { readonly uses?: string; readonly permissions?: Grants }>>;
}

type Grants = Readonly<Record<string, string>>;

interface Reusable {
  readonly jobs: Readonly<Record<string, { readonly permissions?: Grants }>>;
}

const root = new URL('../../', import.meta.url);
const pages = globSync('**/*.md', { cwd: fileURLToPath(new URL('docs/', root)) });
const examples = pages.flatMap((page) =>
  [...read(`docs/${page}`).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
    .map(([, text = '']) => text)
    .filter((text) => /^on:/m.test(text) && /^jobs:/m.test(text))
    .map((text, index) => ({ page, index, text })),
);

it('are in the pages about releases', () => {
  const told = new Set(examples.map(({ page }) => page));
  expect([...told]).toEqual(expect.arrayContaining(['previews.md', 'promotion.md', 'rollback.md']));
});

describe.each(examples)('the workflow $index of docs/$page', ({ text }) => {
  it("is valid by GitHub's own parser, with what the reusable workflows take", async () => {
    expect(await errorsInCalls(text)).toEqual([]);
  });

  it('grants each call what the jobs of the reusable workflow ask for', () => {
    for (const [name, { uses = '', permissions = {} }] of Object.entries(
      (parse(text) as Workflow).jobs ?? {},
    )) {
      const [, path] = /(\.github\/workflows\/[\w-]+\.yml)@/.exec(uses) ?? [];
      if (!path) continue;
      const asked = Object.values((parse(read(path)) as Reusable).jobs).flatMap((job) =>
        Object.entries(job.permissions ?? {}),
      );
      expect(Object.entries(permissions), name).toEqual(expect.arrayContaining(asked));
    }
  });
});

it.each(pages)('docs/%s links to pages that there are', (page) => {
  const links = [...read(`docs/${page}`).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(
    ([, path = '']) => path,
  );
  expect(links.filter((path) => !existsSync(new URL(path, new URL(`docs/${page}`, root))))).toEqual([]);
});

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}
