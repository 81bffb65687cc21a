import { invalid } from '@gangway/action';

// Google's rules of labels (https://cloud.google.com/resource-manager/docs/labels-overview#requirements).
const NAME = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const BYTES = 128;

/** @throws ActionError for a label that Google refuses, which names the input `labels` */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(labels)) {
    const long = [name, value].some((text) => Buffer.byteLength(text) > BYTES);
    if (long || !NAME.test(name) || !VALUE.test(value))
      throw invalid(
        'labels',
        `${name}=${value}`,
        'use lower-case letters, digits, "_" and "-", 63 characters and 128 bytes at most, a letter first in the name',
      );
  }
}
