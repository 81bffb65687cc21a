import type { MarkdownRenderer } from 'vitepress';

const PICTURE =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img ([^>]*)src="([^"]+)">\s*<\/picture>/g;

/**
 * Shows the dark form of a picture on a dark page. GitHub goes by what the reader's system prefers; on the site, a reader can choose
 * otherwise.
 */
export function pictures(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('pictures', ({ tokens }) => {
    for (const token of tokens.filter(({ type }) => type === 'html_block'))
      token.content = token.content.replace(
        PICTURE,
        '<div class="picture"><img class="light-only" $2src="./$3"><img class="dark-only" $2src="./$1"></div>',
      );
  });
}
