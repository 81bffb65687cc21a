import { escaped, NOTHING, reference, visible } from './escaped.ts';
import { type Content, Markdown, sourceOf } from './markdown.ts';

/** A text as code, on one line. */
export function code(text: string): Markdown {
  const line = visible(text).replaceAll('\n', ' ');
  if (line.trim() === '') return new Markdown('');
  // A span loses a space at each end, can't hold its own mark, and in a table no backslash before a bar.
  if (!/`|\\\||^ | $/.test(line)) return new Markdown(`\`${line}\``);
  return new Markdown(`<code>${line.replace(/[^A-Za-z0-9 ]/gu, unlinked)}</code>`);
}

/** GitHub looks for addresses of mail in this code, too. */
function unlinked(character: string): string {
  return reference(character) + (character === '@' ? NOTHING : '');
}

/** A link; only its label where the address is not one of the web. */
export function link(label: Content, address: string): Markdown {
  const href = webAddress(address);
  return new Markdown(href ? `[${sourceOf(label)}](${href})` : sourceOf(label));
}

/** An address as a link to itself; as text where it is not one of the web. */
export function url(address: string): Markdown {
  // GitHub makes a link of one that looks like this; others can't be without a form of their own.
  if (
    /^https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?(?:\/|(?:\/[A-Za-z0-9.~-]+)*[A-Za-z0-9]\/?)?$/.test(
      address,
    )
  )
    return new Markdown(address);
  const href = webAddress(address);
  return new Markdown(href ? `[${escaped(address)}](${href})` : escaped(address));
}

/** An address with nothing that Markdown would read; undefined where it does not lead to the web. */
function webAddress(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  return new URL(address).href
    .replace(/[^A-Za-z0-9/:?#&=%.,;@+_~-]/g, (character) =>
      encodeURIComponent(character).replace(/[!'()*]/g, percent),
    )
    .replaceAll('&', '&amp;');
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
