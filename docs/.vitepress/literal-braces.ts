import type { MarkdownRenderer } from 'vitepress';

/** Shows `{{ name }}` as it is written: a page is a template of Vue, which would put a value in its place. */
export function literalBraces(markdown: MarkdownRenderer): void {
  for (const rule of ['text', 'code_inline'] as const) {
    const render = markdown.renderer.rules[rule];
    markdown.renderer.rules[rule] = (...args) => (render?.(...args) ?? '').replaceAll('{{', '&#123;&#123;');
  }
}
