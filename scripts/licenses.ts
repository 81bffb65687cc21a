import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * The licences of everything a package may bring into its bundle: its dependencies and theirs, as installed. ncc's
 * own list misses the modules that webpack joins.
 *
 * @param folder of the package
 */
export function licenses(folder: string, root: string): string {
  const found = new Map<string, string>();
  collect(folder, root, found);
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${name}\n${text.trim()}\n`)
    .join('\n');
}

function collect(folder: string, root: string, found: Map<string, string>): void {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const key = `${manifest.name} ${manifest.version}`;
  if (found.has(key)) return;
  // Our own packages are not listed, but what they bring is.
  if (!manifest.private) found.set(key, `${manifest.license ?? ''}\n${licenseText(folder)}`);
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const dependency = resolve(name, folder, root);
    if (dependency) collect(dependency, root, found);
  }
}

/** The nearest installed package of a name, as Node finds it. */
function resolve(name: string, from: string, root: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = join(folder, '..')) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}

function licenseText(folder: string): string {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(file));
  return name ? readFileSync(join(folder, name), 'utf8').replace(/\r\n/g, '\n') : '';
}
