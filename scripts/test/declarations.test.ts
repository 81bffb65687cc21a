import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declarationOf, importsOf } from './declarations.ts';
import { NEED_NAMES, type NeedName, need, withPrerequisites } from './needs.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('a declaration', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-declarations-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  it('is read from comments, and from the files that a test imports', async () => {
    await file('far.ts', '// needs: openssl\n');
    await file('near.ts', "import './far.ts';\n// some tests need: flyctl, busybox\n");
    const test = await file('a.test.ts', "import { a } from './near.ts';\n\n// needs: engine, busybox\n");
    expect(declarationOf(test)).toEqual({
      needs: new Set(['engine', 'busybox', 'openssl']),
      some: new Set(['flyctl']),
      takesMinutes: false,
    });
  });

  it('says that a file takes minutes, and speaks for no other file in that', async () => {
    const long = await file('long.test.ts', '// needs: engine\n// takes minutes\n');
    const short = await file('short.test.ts', "import './long.test.ts';\n");
    expect(declarationOf(long).takesMinutes).toBe(true);
    expect(declarationOf(short)).toMatchObject({ needs: new Set(['engine']), takesMinutes: false });
  });

  it('is empty where there is none, and ends with a circle of imports', async () => {
    await file('one.ts', "import './two.ts';\n");
    const two = await file('two.ts', "import './one.ts';\n");
    expect(declarationOf(two)).toEqual({ needs: new Set(), some: new Set(), takesMinutes: false });
  });

  it('of a tool that nobody knows is an error', async () => {
    const test = await file('b.test.ts', '// needs: engine, flyctll\n');
    expect(() => declarationOf(test)).toThrow(/b\.test\.ts: "\/\/ needs: flyctll" is none of engine, /);
  });
});

describe('every test file declares what it uses', () => {
  const files = globSync('{packages,actions,scripts,test}/**/*.test.ts', { cwd: ROOT }).filter(
    // The tests of this folder have tools' names in them, and use none.
    (file) => !file.includes('node_modules') && !file.startsWith('scripts/test/'),
  );

  it('there are test files', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it.each(files)('%s', (file) => {
    const path = join(ROOT, file);
    const { needs, some } = declarationOf(path);
    const declared = withPrerequisites([...needs, ...some]);
    for (const part of partsOf(path))
      for (const name of usedIn(readFileSync(part, 'utf8')))
        expect(
          declared.has(name),
          `${relative(ROOT, part)} uses ${need(name).what}: add "// needs: ${name}" or "// some tests need: ${name}"`,
        ).toBe(true);
  });

  it('finds one that does not', () => {
    expect([...usedIn("const [tool] = find('flyctl');")]).toEqual(['flyctl']);
    expect([...usedIn('const { GANGWAY_BASE_IMAGE: BASE } = process.env;')]).toEqual(['base-image']);
    expect([...usedIn("await findBuilders(['classic', 'remote'])")]).toEqual([
      'base-image',
      'buildx',
      'buildkit',
    ]);
  });
});

/** The test itself and what it is made of. What the builders' helper uses depends on what it is asked for. */
function partsOf(test: string): Set<string> {
  const parts = new Set<string>();
  const visit = (path: string) => {
    if (parts.has(path) || /helpers\/(start-)?builders?\.ts$/.test(path)) return;
    parts.add(path);
    for (const imported of importsOf(path))
      if (imported.startsWith(join(ROOT, 'test/')) || /\/testing(\.ts|\/)/.test(imported)) visit(imported);
  };
  visit(test);
  return parts;
}

const PROGRAMS = NEED_NAMES.flatMap((name) =>
  (need(name).programs ?? []).map((program) => [program, name] as const),
);

/** How a test gets at a tool. */
const USES: readonly (readonly [RegExp, NeedName])[] = [
  ...PROGRAMS.map(([program, name]) => [new RegExp(`\\bfind\\('${program}'\\)`), name] as const),
  [/\bfind\('dockerd?'\)/, 'engine'],
  [/\bprocess\.env\.DOCKER_HOST\b/, 'engine'],
  [/\bwhatIsMissing\(|\bstartEngine\(/, 'engine'],
  [/\bGANGWAY_BASE_IMAGE\b|\bbaseImage\(/, 'base-image'],
  [/\bGANGWAY_CURRENT_BASE_IMAGE\b/, 'current-fastapi'],
  [/\bGANGWAY_CURRENT_ENGINE\b/, 'current-engine'],
  [/\bGANGWAY_FLYTEKIT\b/, 'flytekit'],
  [/\bGANGWAY_FLYTE_BASE_IMAGE\b/, 'flyte-image'],
  [/\bstartFlyJob\(|\bawait missingFlyctl\(/, 'flyctl'],
  [/\brun\('gcloud'|\)\('gcloud'|\bexecute\('gcloud'|\bgcloudSession\(/, 'gcloud'],
  [/\bselfSigned\(\[/, 'openssl'],
];

/** What each of the ways to build needs, of test/helpers/builders.ts. */
const BUILDERS: Readonly<Record<string, readonly NeedName[]>> = {
  classic: [],
  buildkit: [],
  docker: ['buildx'],
  current: ['buildx', 'current-engine'],
  containerd: ['buildx', 'current-engine'],
  container: ['buildx', 'current-engine', 'buildkit'],
  kubernetes: ['buildx', 'kubernetes'],
  remote: ['buildx', 'buildkit'],
};

function usedIn(text: string): Set<NeedName> {
  const used = new Set(USES.flatMap(([pattern, name]) => (pattern.test(text) ? [name] : [])));
  for (const [, asked = ''] of text.matchAll(/\bfindBuilders\(([^)]*)\)/g)) {
    used.add('base-image');
    const named = [...asked.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
    const names = asked === '' ? ['docker', 'remote'] : named.length > 0 ? named : Object.keys(BUILDERS);
    for (const name of names.flatMap((builder) => BUILDERS[builder] ?? [])) used.add(name);
  }
  return used;
}
