import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What of flyctl's JSON names files on this runner. */
interface Naming {
  readonly files?: readonly { readonly local_path?: string }[];
  readonly machine_config?: string;
  readonly experimental?: { readonly machine_config?: string };
  readonly build?: { readonly compose?: { readonly file?: string } };
  readonly statics?: readonly { readonly guest_path?: string; readonly tigris_bucket?: string }[];
}

/** What of a machine's configuration names them. */
interface Local {
  readonly files?: readonly { readonly local_path?: string }[];
  readonly containers?: readonly Local[];
}

/** In the order in which flyctl looks for them, where `[build.compose]` names none. */
const COMPOSE = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
/** What stands before `:/` in a compose file, as in `./nginx.conf:/etc/nginx.conf`. */
const MOUNTED = /(?:"([^":]+)|'([^':]+)|([^\s"':[,]+)):\//g;

/**
 * Hashes the content of each file that flyctl reads besides fly.toml, and puts into machines: `[[files]] local_path`,
 * `machine_config` and the files that it names, the compose file and what its services mount, and directories of
 * `[[statics]]`. A file that a compose file only seems to name counts too.
 *
 * @param text fly.toml as flyctl's JSON
 * @param file path of fly.toml, next to which the compose file is; all other paths are below `folder`
 * @returns pairs of a path and its hash, in a fixed order; a file that is missing has an empty hash
 */
export async function hashFilesRead(text: string, file: string, folder = '.'): Promise<[string, string][]> {
  const paths = [...new Set(pathsRead(JSON.parse(text) as Naming, file, folder))].sort();
  const hashed: [string, string][] = [];
  for (const path of paths) {
    for (const each of await filesBelow(path)) hashed.push([each, await hashOf(each)]);
  }
  return hashed;
}

function pathsRead(config: Naming, file: string, folder: string): string[] {
  const here = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const { files = [], statics = [], build } = config;
  const machine = config.experimental?.machine_config || config.machine_config || '';
  // As in flyctl, a compose file stands in for machine_config.
  const others = build?.compose
    ? composePaths(build.compose.file ?? '', dirname(here(file)))
    : machinePaths(machine, here);
  const pushed = statics.filter(({ tigris_bucket: bucket }) => !bucket).map(({ guest_path: path }) => path);
  const named = [...files.map(({ local_path: path }) => path), ...pushed.filter((path) => path?.[0] !== '/')];
  return [...named.flatMap((path) => (path ? [here(path)] : [])), ...others];
}

/** https://github.com/superfly/flyctl/blob/master/internal/config/machine.go */
function machinePaths(machine: string, here: (path: string) => string): string[] {
  const path = machine && !machine.startsWith('{') ? here(machine) : undefined;
  const text = path ? readText(path) : machine;
  const named = (local: Local): string[] => [
    ...(local.files ?? []).flatMap(({ local_path: name }) => (name ? [here(name)] : [])),
    ...(local.containers ?? []).flatMap(named),
  ];
  try {
    return [...(path ? [path] : []), ...named(Object(JSON.parse(text)) as Local)];
  } catch {
    // None, or one that flyctl says what is wrong with.
    return path ? [path] : [];
  }
}

/** https://github.com/superfly/flyctl/blob/master/internal/containerconfig/compose.go */
function composePaths(named: string, folder: string): string[] {
  const there = named || COMPOSE.find((name) => existsSync(join(folder, name)));
  if (!there) return [];
  const path = isAbsolute(there) ? there : join(folder, there);
  const mounted = [...readText(path).matchAll(MOUNTED)].flatMap(([, one, other, bare]) => {
    const host = one ?? other ?? bare ?? '';
    return isAbsolute(host) ? host : join(dirname(path), host);
  });
  return [path, ...mounted.filter((each) => existsSync(each))];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The files of a directory, or the file itself. */
async function filesBelow(path: string): Promise<string[]> {
  const there = await stat(path).catch(() => undefined);
  if (!there?.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    return '';
  }
}
