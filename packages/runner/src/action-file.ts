import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What the runner needs of an action.yml. */
export interface ActionFile {
  /** Default of every input there is; undefined where it has none. */
  readonly inputs: ReadonlyMap<string, string | undefined>;
  /** Absolute paths of the scripts. */
  readonly main: string;
  readonly post: string | undefined;
}

/** Reads `action.yml` of a JavaScript action. Rejects when it isn't one. */
export async function readActionFile(directory: string): Promise<ActionFile> {
  const file = join(directory, 'action.yml');
  const { inputs, runs } = parsed(await readFile(file, 'utf8'));
  if (!runs?.main || !runs.using?.startsWith('node')) throw new Error(`${file} is not a JavaScript action.`);
  return {
    inputs: new Map(
      Object.entries(inputs ?? {}).map(([name, input]) => [name, defaultOf(name, input?.default)]),
    ),
    main: join(directory, runs.main),
    post: runs.post === undefined ? undefined : join(directory, runs.post),
  };
}

interface Written {
  readonly inputs?: Record<string, { default?: unknown } | null>;
  readonly runs?: { using?: string; main?: string; post?: string };
}

const known = new Map<string, Written>();

/** A test runs the same action many times, and to parse takes longer than to run some of them. */
function parsed(text: string): Written {
  const written = known.get(text) ?? (parse(text) as Written);
  known.set(text, written);
  return written;
}

/** The one expression that is evaluated here, for the main script and again for the post script. */
export const JOB_STATUS = `\${{ job.status }}`;

function defaultOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = String(value);
  if (text.includes('${{') && text !== JOB_STATUS)
    throw new Error(`The default of the input ${name} is an expression, which is not evaluated here.`);
  return text;
}
