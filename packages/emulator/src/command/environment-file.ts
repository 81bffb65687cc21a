import { readFile, rename, rm, writeFile } from 'node:fs/promises';

const HEADER = "# Written by Gangway's local cloud; gone when it stops.";

/**
 * A file of shell exports, there exactly while the cloud it points at is ready: what waits for it to appear
 * never sees that of an earlier run, nor half of one.
 */
export class EnvironmentFile {
  readonly path: string;
  #written: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Takes away what an earlier run left.
   *
   * @throws Error when the file is something else than such a leftover
   */
  async clear(): Promise<void> {
    const text = await this.#read();
    if (text === undefined) return;
    if (text !== '' && !text.startsWith(HEADER)) {
      throw new Error(
        `${this.path} exists and was not written by the local cloud; give --env-file another path`,
      );
    }
    await rm(this.path);
  }

  /** Writes the variables at once, readable by the owner only. */
  async write(variables: Readonly<Record<string, string>>): Promise<void> {
    const text = `${[HEADER, ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`)].join('\n')}\n`;
    const draft = `${this.path}.${process.pid}`;
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, this.path);
    this.#written = text;
  }

  /** Removes the file if it is still the one this cloud wrote. */
  async remove(): Promise<void> {
    if (this.#written !== undefined && (await this.#read()) === this.#written) await rm(this.path);
  }

  async #read(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** A POSIX shell word, whatever the value holds. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
