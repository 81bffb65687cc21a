import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const texts = join(import.meta.dirname, 'licenses');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/** A module of webpack's statistics; one that was joined of several has them in `modules`. */
export interface BundledModule {
  readonly nameForCondition?: string | null;
  readonly modules?: readonly BundledModule[];
}

/** The folders of the packages whose code is in a bundle; our own, which are linked and not installed, are not there. */
export function packagesIn(modules: readonly BundledModule[]): Set<string> {
  const folders = new Set<string>();
  for (const { nameForCondition: file, modules: joined = [] } of modules) {
    const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file ?? '') ?? [];
    if (folder) folders.add(folder);
    for (const inner of packagesIn(joined)) folders.add(inner);
  }
  return folders;
}

/**
 * The licences of the packages in a bundle, each under its name and version, and of what loads their modules: ncc's and
 * webpack's own code.
 *
 * @param folders of the packages
 * @param root of this repository
 * @throws Error when a package brings no licence text and none is known here for what it declares
 */
export function licenses(folders: Iterable<string>, root: string): string {
  const entries = [...folders, join(root, 'node_modules/@vercel/ncc')].map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const text = fromFiles(folder) ?? fromReadme(folder) ?? standard(manifest);
    return `${manifest.name} ${manifest.version}\n${manifest.license ?? ''}\n${text.trim()}\n`;
  });
  entries.push(`webpack, its runtime\nMIT\n${read(join(texts, 'webpack.txt'))}`);
  return entries.sort().join('\n');
}

function fromFiles(folder: string): string | undefined {
  const names = readdirSync(folder).filter((name) => /^(un)?(licen[cs]e|copying|notice)([.-]|$)/i.test(name));
  return names.length > 0
    ? names
        .sort()
        .map((name) => read(join(folder, name)))
        .join('\n\n')
    : undefined;
}

/** Some packages have the whole text in their README and nowhere else. */
function fromReadme(folder: string): string | undefined {
  const name = readdirSync(folder).find((file) => /^readme(\.|$)/i.test(file));
  if (!name) return undefined;
  const [, section] =
    /^(?:#+ *licen[cs]e.*|licen[cs]e\n-+)\n([\s\S]*)$/im.exec(read(join(folder, name))) ?? [];
  return section?.includes('Permission is hereby granted') ? section.split(/\n(?:#|\[)/)[0] : undefined;
}

/** What a package declares by SPDX's name but does not bring, such as google-gax. */
function standard({ name, version, license, author }: Manifest): string {
  const text = join(texts, `${basename(license ?? '')}.txt`);
  if (!license || !existsSync(text))
    throw new Error(
      `${name} ${version} brings no licence text and declares "${license ?? ''}". Put that text into scripts/licenses/, or do without the package.`,
    );
  const holder = typeof author === 'object' ? author.name : author;
  return `Copyright ${holder ?? `the authors of ${name}`}\n\n${read(text)}`;
}

function read(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r\n/g, '\n');
}
