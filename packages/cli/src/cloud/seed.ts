import { readFileSync } from 'node:fs';
import type { Seed } from '@gangway/emulator';
import { parseDocument } from 'yaml';
import { Misuse } from '../misuse.ts';

const LISTS = ['projects', 'service_accounts', 'deployers', 'providers', 'repositories', 'apis', 'fly_apps'];

/** One seed of several: lists one after the other; of a secret that several have, the last value. */
export function mergeSeeds(seeds: readonly Seed[]): Seed {
  const merged: Record<string, unknown> = {};
  for (const seed of seeds)
    for (const [key, value] of Object.entries(seed)) {
      const before = merged[key];
      merged[key] = Array.isArray(value)
        ? [...((before as string[] | undefined) ?? []), ...value]
        : { ...(before as object), ...value };
    }
  return merged;
}

/**
 * Reads a seed file: YAML or JSON with the keys of {@link Seed}.
 *
 * @throws Misuse that names the file, the key and what it takes
 */
export function readSeed(file: string): Seed {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misuse(`--seed ${file} can't be read: ${(error as Error).message}`);
  }
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new Misuse(`--seed ${file}: ${problem.message.split('\n')[0]}`);
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Misuse(`--seed ${file} is not a mapping. Its keys are ${[...LISTS, 'secrets'].join(', ')}.`);
  for (const [key, value] of Object.entries(content)) {
    const texts = (values: readonly unknown[]) => values.every((one) => typeof one === 'string');
    const isList = Array.isArray(value) && texts(value);
    const isMap = typeof value === 'object' && value !== null && !isList && texts(Object.values(value));
    if (LISTS.includes(key) ? isList : key === 'secrets' && isMap) continue;
    if (key === 'secrets' || LISTS.includes(key))
      throw new Misuse(
        `--seed ${file}: ${key} takes ${key === 'secrets' ? 'a mapping from ids to values' : 'a list of texts'}.`,
      );
    throw new Misuse(
      `--seed ${file}: "${key}" is no key of a seed file. There are ${[...LISTS, 'secrets'].join(', ')}.`,
    );
  }
  return content as Seed;
}
