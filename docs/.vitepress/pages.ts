import { globSync } from 'node:fs';

/** Where the sources are read. */
export const SOURCE = 'https://github.com/gangway-dev/gangway';

/** Which files of the repository are pages of the site, and where; `:` stands for a part of the path. */
const PAGES: readonly (readonly [file: RegExp, page: string])[] = [
  [/^docs\/(?!\.)(.+)\.md$/, '$1.md'],
  [/^actions\/([^/]+)\/README\.md$/, 'reference/$1.md'],
  [/^packages\/cli\/README\.md$/, 'reference/gangway.md'],
  [/^examples\/([^/]+)\/README\.md$/, 'examples/$1.md'],
  [/^CHANGELOG\.md$/, 'changelog.md'],
];

/**
 * The page that a file of the repository becomes, e.g. `docs/set-up.md` becomes `set-up.md`.
 *
 * @param file its path in the repository
 * @returns the file's own path where it is no page, as VitePress asks of a rewrite
 */
export function pageOf(file: string): string {
  const [pattern, page] = PAGES.find(([candidate]) => candidate.test(file)) ?? [];
  return pattern && page ? file.replace(pattern, page) : file;
}

export function isPage(file: string): boolean {
  return PAGES.some(([pattern]) => pattern.test(file));
}

/** Every Markdown file of the repository that is no page. VitePress takes what it isn't told to leave out. */
export function otherFiles(root: string): string[] {
  return markdownFiles(root).filter((file) => !isPage(file));
}

/** The pages that a folder of the repository holds, by their files. */
export function pagesIn(root: string, folder: string): string[] {
  return markdownFiles(root).filter((file) => file.startsWith(`${folder}/`) && isPage(file));
}

function markdownFiles(root: string): string[] {
  const exclude = (name: string) => /(^|\/)(node_modules|dist|\.git)$/.test(name);
  return globSync(['*.md', '{actions,docs,examples,packages,scripts,test}/**/*.md', '.github/**/*.md'], {
    cwd: root,
    exclude,
  }).toSorted();
}
