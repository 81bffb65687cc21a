import { formatImageName, parseImageName, parseReference, type Reference } from '@gangway/registry';

/**
 * Reads an image of any registry, with a tag, a digest or neither. Google writes the project of a domain with a colon, which
 * Docker does not know.
 *
 * @returns undefined for a text that is no reference
 */
export function readReference(text: string): Reference | undefined {
  const [, name = '', rest = ''] = /^(.*?)((?::[\w.-]+)?(?:@.*)?)$/.exec(text) ?? [];
  const known = parseImageName(name);
  return parseReference(`${known ? formatImageName(known) : name}${rest}`);
}
