import type { Container } from '../api/resources.ts';
import { readContainer } from './container.ts';
import { readYaml } from './read-yaml.ts';
import type { Reader } from './reader.ts';

/**
 * Reads the input `sidecars`: a YAML list of containers as a service's file has them.
 *
 * @returns undefined when it is empty, none for `[]`
 * @throws ActionError that says which line is wrong
 */
export function readSidecars(text: string | undefined): readonly Container[] | undefined {
  if (text === undefined) return undefined;
  return readYaml('Input "sidecars"', text).list((item) => {
    const container = readContainer(item, new Map());
    if (!container.name || !container.image) throw named(item);
    return container;
  });
}

function named(item: Reader): Error {
  return item.wrong('a sidecar needs a name and an image', 'give both');
}
