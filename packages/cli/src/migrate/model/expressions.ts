/** GitHub's expressions in a text. */
export const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;

/** A text of the same length with plain letters in the place of expressions, so that it can be read as a shell would read it. */
export function masked(text: string): string {
  return text.replace(EXPRESSION, (whole) => 'e'.repeat(whole.length));
}

/** A text without its expressions. */
export function withoutExpressions(text: string): string {
  return text.replace(EXPRESSION, '');
}
