import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ncc from '@vercel/ncc';

/**
 * Names of the packages whose code each script would bring into a bundle of its own. Of one bundle that loads them all, in chunks:
 * it takes a seventh of the time that as many bundles take. A chunk has the modules that the same scripts share, and its source map
 * says where they come from.
 *
 * @param scripts absolute paths
 */
export async function packagesOf(scripts: readonly string[]): Promise<Map<string, Set<string>>> {
  process.env.TS_NODE_PROJECT = fileURLToPath(new URL('../../tsconfig.bundles.json', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'gangway-bundles-'));
  try {
    const entry = join(folder, 'all.mjs');
    await writeFile(entry, scripts.map((script) => `import(${JSON.stringify(script)});`).join('\n'));
    const { code, assets } = await ncc(entry, {
      cache: false,
      quiet: true,
      sourceMap: true,
      transpileOnly: true,
    });
    const read = (id: string, ending = '') => String(assets[`${id}.index.mjs${ending}`]?.source);
    const loads = code.split('\n').filter((line) => LOAD.test(line) && line.includes('/* import() */'));
    if (loads.length !== scripts.length)
      throw new Error(`ncc loads ${loads.length} of ${scripts.length} scripts by chunks.`);
    return new Map(
      scripts.map((script, index) => {
        const chunks = new Set(chunksIn(loads[index] ?? ''));
        // What a chunk loads later comes to the end of the set, and has its turn, too.
        for (const id of chunks) for (const later of chunksIn(read(id))) chunks.add(later);
        const maps = [...chunks].map((id) => JSON.parse(read(id, '.map')) as { sources: string[] });
        return [script, new Set(maps.flatMap(({ sources }) => sources.flatMap(packageOf)))];
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const LOAD = /__nccwpck_require__\.e\((?:\/\*.*?\*\/ *)?(\d+)\)/;

function chunksIn(code: string): string[] {
  return [...code.matchAll(new RegExp(LOAD, 'g'))].map(([, id = '']) => id);
}

function packageOf(source: string): string[] {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? [];
  return name ? [name] : [];
}
