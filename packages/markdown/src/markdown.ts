import { escaped } from './escaped.ts';

/**
 * GitHub's Markdown, as this package alone makes it. What is a plain string elsewhere is text: wherever one is put into
 * Markdown, it is escaped.
 */
export class Markdown {
  readonly #source: string;

  /** @param source Markdown that holds nothing from outside unescaped; only this package calls it */
  constructor(source: string) {
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }
}

/** What may be put into Markdown: a string or a number, which are escaped, or Markdown. */
export type Content = string | number | Markdown;

/** Markdown with values in it: md`The API ${code(name)} was ${change}.` */
export function md(literals: TemplateStringsArray, ...values: readonly Content[]): Markdown {
  return new Markdown(literals.map((literal, index) => literal + sourceOf(values[index] ?? '')).join(''));
}

/** The Markdown of a content. */
export function sourceOf(content: Content): string {
  return content instanceof Markdown ? content.toString() : escaped(String(content));
}

/** Contents with something between them, e.g. a comma or a line end. */
export function joined(contents: readonly Content[], between: string): Markdown {
  return new Markdown(contents.map(sourceOf).join(between));
}
