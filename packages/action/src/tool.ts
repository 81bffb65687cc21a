import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheDir, downloadTool, extractTar, extractZip, find, findAllVersions } from '@actions/tool-cache';
import { ActionError } from './error.ts';

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

/**
 * Path of a tool: from the runner's tool cache, or downloaded, checked and put there.
 *
 * @throws ActionError `tool-download` when it can't be got; `tool-digest` when what was got is not what was pinned
 */
export async function installTool({ name, version, url, sha256 }: Tool): Promise<string> {
  const program = process.platform === 'win32' ? `${name}.exe` : name;
  // A cached copy is found by its digest too: what was checked against another digest is another tool.
  const key = `${version}-sha256.x${sha256.slice(0, 12)}`;
  const known = find(name, key);
  if (known) return join(known, program);
  const archive = await downloadTool(url).catch((cause: unknown) => {
    throw new ActionError(`${name} ${version} can't be downloaded from ${url}: ${reason(cause)}.`, {
      code: 'tool-download',
      hint: `run the job again; a self-hosted runner without access to it needs ${name} on its PATH`,
      cause,
    });
  });
  try {
    const found = await digest(archive);
    if (found !== sha256) {
      throw new ActionError(`${url} is not what was pinned: its sha256 is ${found}, not ${sha256}.`, {
        code: 'tool-digest',
        hint: 'do not use it before you know why: the release was replaced, or something on the way changes it',
      });
    }
    const folder = url.endsWith('.zip') ? await extractZip(archive) : await extractTar(archive);
    const cached = await cacheDir(folder, name, key);
    await rm(folder, { recursive: true, force: true });
    return join(cached, program);
  } finally {
    await rm(archive, { force: true });
  }
}

/** Path of any version of a tool that the runner's tool cache has: each was checked when it was put there. */
export function cachedTool(name: string): { readonly path: string; readonly version: string } | undefined {
  const version = findAllVersions(name).at(-1);
  return version ? { path: join(find(name, version), name), version } : undefined;
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
