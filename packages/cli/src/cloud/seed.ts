import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { Misuse } from '../misuse.ts';

/** What a local cloud starts with beside its defaults. */
export interface Seed {
  /** Further projects in which the deployer may do what it may in the first. */
  readonly projects?: readonly string[];
  /** Service accounts, by e-mail or by id. */
  readonly service_accounts?: readonly string[];
  /** Service accounts that jobs of the repository deploy as. */
  readonly deployers?: readonly string[];
  /** Workload identity providers that take tokens of the repository's jobs, by full name. */
  readonly providers?: readonly string[];
  /** Docker repositories of Artifact Registry, `LOCATION/NAME` or `projects/P/locations/L/repositories/R`. */
  readonly repositories?: readonly string[];
  /** Google APIs to enable, such as `pubsub.googleapis.com`. */
  readonly apis?: readonly string[];
  /** Secrets of Secret Manager, by id. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Apps of Fly.io, in the organization `personal`. */
  readonly fly_apps?: readonly string[];
}

const LISTS = ['projects', 'service_accounts', 'deployers', 'providers', 'repositories', 'apis', 'fly_apps'];

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
    throw new Misuse(`--seed ${file} is no mapping. Its keys are ${[...LISTS, 'secrets'].join(', ')}.`);
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

/** Two seeds as one. */
export function together(one: Seed, other: Seed): Seed {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)] as (keyof Seed)[]);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      key === 'secrets'
        ? { ...one.secrets, ...other.secrets }
        : [...new Set([...(one[key] ?? []), ...(other[key] ?? [])])],
    ]),
  );
}
