import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheFile, find } from '@actions/tool-cache';
import { ActionError } from '../error.ts';
import { fileInTarGz, fileInZip } from './archive.ts';

/** A program in an archive that its maker publishes. */
export interface Tool {
  /** Of the program, and of its place in the runner's tool cache. */
  readonly name: string;
  readonly version: string;
  /** A `.tar.gz` or `.zip` with the program at its top. */
  readonly url: string;
  /** Of the archive, in hexadecimal. */
  readonly sha256: string;
}

/** How a tool is come by. */
export interface Supply {
  /** Gets a file of no more than `limit` bytes. */
  download(url: string, limit: number): Promise<Buffer>;
  /** What to do where it can't be downloaded. */
  readonly cure: string;
  /** Is told of a cached archive that is not what was pinned. */
  onWarning(message: string): void;
}

/** The most bytes that an archive may have. */
const LIMIT = 256 * 1024 * 1024;

/**
 * Puts a tool into a directory: out of the archive that the runner's tool cache holds, or that is downloaded then. Others can write
 * the tool cache of a self-hosted runner, so it holds the archive, of which the digest is pinned, and not the program: the bytes that are
 * checked are the bytes that are unpacked, each time.
 *
 * @param directory of mode 0700 or to be made so
 * @returns the path of the program
 * @throws ActionError `tool-download` when it can't be got; `tool-digest` when what was got is not what was pinned;
 * `tool-archive` when the program is not in it
 */
export async function installTool(tool: Tool, directory: string, supply: Supply): Promise<string> {
  const archive = (await cached(tool, supply)) ?? (await downloaded(tool, supply, directory));
  const program = process.platform === 'win32' ? `${tool.name}.exe` : tool.name;
  const content = await unpack(archive, program, tool);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, program);
  await writeFile(path, content, { mode: 0o700, flag: 'wx' });
  return path;
}

/** What the runner's tool cache calls a tool: a version of its own for each digest. */
function keyOf({ version, sha256 }: Tool): string {
  // A word that begins with a digit could be a number with a leading zero, which a version may not have.
  return `${version}-sha256.x${sha256}`;
}

/** The archive that the runner's tool cache holds; undefined where it has none that can be used, or there is no cache. */
async function cached(tool: Tool, { onWarning }: Supply): Promise<Buffer | undefined> {
  if (!process.env.RUNNER_TOOL_CACHE) return undefined;
  const folder = find(tool.name, keyOf(tool));
  const path = join(folder, basename(tool.url));
  const content = folder && (await read(path));
  if (!content) return undefined;
  const found = digest(content);
  if (found === tool.sha256) return content;
  onWarning(
    `The archive of ${tool.name} ${tool.version} in the runner's tool cache is not what was pinned, and is not used: the sha256 of ${path} is ${found}, not ${tool.sha256}. Something changed it, or it was not written whole.`,
  );
  return undefined;
}

/** A file's content, or undefined where there is none that could be an archive. */
async function read(path: string): Promise<Buffer | undefined> {
  // A pipe in its place must not hold the job.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  try {
    const about = await file?.stat();
    return about?.isFile() && about.size <= LIMIT ? await file?.readFile() : undefined;
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

async function downloaded(tool: Tool, { download, cure }: Supply, directory: string): Promise<Buffer> {
  const { name, version, url, sha256 } = tool;
  const content = await download(url, LIMIT).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
    throw new ActionError(`${name} ${version} can't be downloaded from ${url}: ${reason}.`, {
      code: 'tool-download',
      hint: cure,
      cause,
    });
  });
  const found = digest(content);
  if (found !== sha256) {
    throw new ActionError(`${url} is not what was pinned: its sha256 is ${found}, not ${sha256}.`, {
      code: 'tool-digest',
      hint: 'do not use it before you know why: the release was replaced, or something on the way changes it',
    });
  }
  if (process.env.RUNNER_TOOL_CACHE) await keep(tool, content, dirname(directory));
  return content;
}

/** Keeps an archive for the next job; a cache that can't be written only makes that slower. */
async function keep(tool: Tool, content: Buffer, parent: string): Promise<void> {
  let folder: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    folder = await mkdtemp(join(parent, 'archive-'));
    const path = join(folder, basename(tool.url));
    await writeFile(path, content);
    await cacheFile(path, basename(path), tool.name, keyOf(tool));
  } catch {
    // The next job downloads it once more.
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(archive: Buffer, program: string, { name, version, url }: Tool): Promise<Buffer> {
  const read = url.endsWith('.zip') ? fileInZip : fileInTarGz;
  let cause: unknown;
  const content = await read(archive, program).catch((error: unknown) => {
    cause = error;
  });
  if (content) return content;
  const why = cause instanceof Error ? `: ${cause.message}` : `: it holds no file ${program}`;
  throw new ActionError(`The archive of ${name} ${version}, ${url}, can't be used${why}.`, {
    code: 'tool-archive',
    hint: 'check that the version and its digest are those of a release with that file',
    cause,
  });
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
