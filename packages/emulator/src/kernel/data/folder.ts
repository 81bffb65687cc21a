import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from './encode.ts';
import { lock } from './lock.ts';

/** The format that this version writes, and the newest that it reads. */
const FORMAT = 1;
const STATE = 'state.json';
const LOCK = 'lock';
const DRAFT = 'state.json.draft';
const IGNORE = '.gitignore';
/** Everything that a local cloud puts into its folder. */
const OURS = [STATE, LOCK, DRAFT, IGNORE, 'blobs'];

/** What a cloud keeps of itself; what each of its services keeps is that service's own business. */
export interface Saved {
  readonly project: { readonly id: string; readonly number: string };
  /** On which it answered. */
  readonly port: number;
  /** Milliseconds that its time was ahead of the machine's. */
  readonly ahead: number;
  /** Ports of the listeners that it opened, by what each is for. */
  readonly ports: ReadonlyMap<string, number>;
  readonly keys: unknown;
  /** By name. */
  readonly services: Readonly<Record<string, { readonly state?: unknown; readonly operations: unknown }>>;
}

/** The folder in which a cloud keeps its data. */
export interface DataFolder {
  readonly path: string;
  /** What was saved in it; undefined where nothing was yet. */
  readonly saved: Saved | undefined;
  /** Replaces what was saved, whole or not at all. Does nothing when it is the same. */
  save(state: Saved): void;
  /** Lets another cloud use it. */
  close(): void;
}

/**
 * Opens a folder for one cloud; makes it, for its owner alone, where it is not there.
 *
 * @throws Error that names the folder and what is wrong with it
 */
export function openData(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const release = lock(join(path, LOCK), path);
  try {
    const file = join(path, STATE);
    const before = read(file, path);
    let last = before.text;
    // It holds secrets, and often lies in a repository.
    writeFileSync(join(path, IGNORE), '*\n', { mode: 0o600 });
    return {
      path,
      saved: before.saved,
      save(state) {
        const text = `${encode({ format: FORMAT, ...state })}\n`;
        if (text === last) return;
        const draft = join(path, DRAFT);
        const handle = openSync(draft, 'w', 0o600);
        try {
          writeSync(handle, text);
          fsyncSync(handle);
        } finally {
          closeSync(handle);
        }
        renameSync(draft, file);
        last = text;
      },
      close: release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Removes what a cloud kept in a folder that no cloud uses, and nothing else. */
export function clearData(path: string): void {
  for (const name of OURS) rmSync(join(path, name), { recursive: true, force: true });
}

function read(file: string, folder: string): { text: string; saved: Saved | undefined } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const stranger = readdirSync(folder).find((name) => !OURS.includes(name));
    if (stranger !== undefined)
      throw new Error(
        `${folder} holds no data of a local cloud, but other files, such as ${stranger}. Name an empty folder, or a new one.`,
      );
    return { text: '', saved: undefined };
  }
  let state: unknown;
  try {
    state = decode(text);
  } catch (error) {
    throw new Error(`${file} is damaged: ${(error as Error).message}. Restore it, or name another folder.`);
  }
  const { format, ...saved } = (state ?? {}) as Saved & { format?: unknown };
  if (format === FORMAT) return { text, saved };
  if (typeof format === 'number' && format > FORMAT)
    throw new Error(
      `${folder} was written by a newer Gangway, in format ${format}. This one reads up to ${FORMAT}: update it, or name another folder.`,
    );
  throw new Error(`${file} is not of a local cloud. Name another folder.`);
}
