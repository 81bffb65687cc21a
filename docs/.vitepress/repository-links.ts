import { existsSync, statSync } from 'node:fs';
import { posix, relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { isPage, pageOf, SOURCE } from './pages.ts';

/**
 * Links between files of the repository, which work on GitHub, made to work on the site: to a page, where the file is one, and to the
 * file on GitHub otherwise.
 *
 * @throws Error when a link leads to a file that doesn't exist, which fails the build
 */
export function repositoryLinks(markdown: MarkdownRenderer, root: string): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    const file = relative(root, String(env.realPath ?? env.path));
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const target = token.type === 'link_open' ? token.attrGet('href') : null;
      if (target && !/^([a-z]+:|#|\/)/.test(target)) token.attrSet('href', address(root, file, target));
    }
  });
}

function address(root: string, file: string, target: string): string {
  const [path = '', anchor] = decodeURI(target).split('#', 2);
  const found = posix.normalize(posix.join(posix.dirname(file), path));
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (!existsSync(posix.join(root, found)))
    throw new Error(`${file} links to ${target}, which does not exist.`);
  const isFolder = statSync(posix.join(root, found)).isDirectory();
  const page = isFolder ? posix.join(found, 'README.md') : found;
  if (isPage(page)) return `/${pageOf(page)}${hash}`;
  return `${SOURCE}/${isFolder ? 'tree' : 'blob'}/main/${found.replace(/\/$/, '')}${hash}`;
}
