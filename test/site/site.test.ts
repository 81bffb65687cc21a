import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sidebar } from '../../docs/.vitepress/navigation.ts';
import { pageOf, pagesIn, SOURCE } from '../../docs/.vitepress/pages.ts';
import { describeAppearance } from './appearance.ts';
import { type BuiltSite, buildSite, ROOT } from './built-site.ts';

// some tests need: chromium

let site: BuiltSite;
beforeAll(async () => {
  site = await buildSite();
});
afterAll(() => site[Symbol.asyncDispose]());

/** The pages that a reader finds by the sidebar. */
const listed = sidebar(ROOT)
  .flatMap(({ items = [] }) => items)
  .map(({ link = '' }) => `${link.replace(/^\//, '').replace(/(^|\/)$/, '$1index')}.html`);

describe('the site', () => {
  it('is built without a complaint', () => {
    // The compiler of VitePress's Vite reads the repository's tsconfig.json too, and doesn't know its target.
    const output = site.output.replace(/▲ \[WARNING\] Unrecognized target environment[\s\S]*?~\n/, '');
    expect(output).not.toMatch(/error|warn|dead link/i);
    expect(site.status, site.output).toBe(0);
    expect(site.pages.length).toBeGreaterThan(40);
  });

  it('lists every page in the sidebar, and no other', () => {
    expect(listed.toSorted()).toEqual(site.pages.filter((page) => !/^(404|index)\.html$/.test(page)));
  });

  it('has a page for each action, with all its inputs', () => {
    const actions = pagesIn(ROOT, 'actions');
    expect(actions.length).toBeGreaterThan(8);
    for (const file of actions)
      expect(site.read(pageOf(file).replace(/md$/, 'html')), file).toContain('<h2 id="inputs"');
  });

  it('has no link to a page or a heading that is not there', () => {
    const anchors = new Map(site.pages.map((page) => [page, anchorsOf(site.read(page))]));
    const links = site.pages.flatMap((page) => linksOf(site.read(page)).map((link) => ({ page, link })));
    expect(links.filter(({ link }) => link.includes('#')).length).toBeGreaterThan(200);
    const dead = links.flatMap(({ page, link }) => {
      const [path = '', anchor = ''] = link.split('#');
      const target =
        path === '' ? page : posix.join('.', path.replace(/^\//, '').replace(/(^|\/)$/, '$1index.html'));
      const known = anchors.get(target);
      const isThere = known !== undefined && (anchor === '' || known.has(decodeURIComponent(anchor)));
      return isThere ? [] : [`${page}: ${link}`];
    });
    expect(dead).toEqual([]);
  });

  it('links only to files of the repository that exist', () => {
    const own = site.pages.flatMap((page) =>
      [...site.read(page).matchAll(/href="([^"]+)"/g)]
        .map(([, href = '']) => href)
        .filter((href) => /\/(blob|tree|edit)\/main\//.test(href) && href.startsWith(SOURCE)),
    );
    const files = own.map((href) =>
      decodeURI(href.replace(/^.*?\/(blob|tree|edit)\/main\//, '').replace(/#.*/, '')),
    );
    expect(files.length).toBeGreaterThan(40);
    expect([...new Set(files)].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('takes nothing from another host', () => {
    for (const page of site.pages)
      expect(site.read(page), page).not.toMatch(
        /<(script|img|iframe)[^>]+src="https?:|<link[^>]+rel="(stylesheet|preload)[^>]+href="https?:/,
      );
  });
});

describeAppearance(() => site);

function linksOf(html: string): string[] {
  return [...html.matchAll(/<a [^>]*href="([^"]+)"/g)]
    .map(([, href = '']) => href.replaceAll('&amp;', '&'))
    .filter((href) => !/^[a-z]+:/.test(href));
}

function anchorsOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id));
}
