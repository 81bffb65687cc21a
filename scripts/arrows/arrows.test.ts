import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importsIn, importsOf, type Workspaces } from './imports.ts';
import { RULES } from './rules.ts';
import { violations } from './violations.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const WORKSPACES: Workspaces = new Map([
  ['@gangway/http', { folder: 'packages/http', exports: { '.': './src/index.ts' } }],
  ['@gangway/emulator', { folder: 'packages/emulator', exports: { '.': './src/index.ts' } }],
  [
    '@gangway/google-cloud',
    { folder: 'packages/google-cloud', exports: { '.': './src/index.ts', './testing': './test/serve.ts' } },
  ],
  ['@gangway/fly-deploy', { folder: 'actions/fly-deploy', exports: {} }],
]);

/** What is said of one file that holds this. */
function said(file: string, source: string): string[] {
  return violations(importsOf(file, source, WORKSPACES));
}

const CLOUD = 'packages/emulator/src';

/** An import of each forbidden kind, by the rule that it breaks. */
const PLANTED: readonly (readonly [rule: RegExp, file: string, source: string])[] = [
  [/never each other/, 'actions/fly-deploy/app/a.ts', "import { a } from '../../create-token/a.ts';"],
  [/never each other/, 'actions/create-token/a.ts', "import '@gangway/fly-deploy/app/image.ts';"],
  [/never each other/, 'actions/create-token/a.test.ts', "import { a } from '../enable-service/a.ts';"],
  [/never import actions/, 'packages/fly/src/a.ts', "export * from '../../../actions/fly-deploy/inputs.ts';"],
  [/@actions/, 'actions/create-token/main.ts', "import { getInput } from '@actions/core';"],
  [/@actions/, 'packages/auth/src/a.ts', "const core = await import('@actions/core');"],
  [/openapi is pure/, 'packages/openapi/src/a.ts', "import { get } from 'node:https';"],
  [/openapi is pure/, 'packages/openapi/src/a.ts', "import { readFileSync } from 'node:fs';"],
  [/openapi is pure/, 'packages/openapi/src/a.ts', "import { send } from '@gangway/http';"],
  [/hide shared mistakes/, `${CLOUD}/server.ts`, "import type { Sent } from '@gangway/http';"],
  [/are data/, 'packages/cloud-run/src/a.ts', "import { send } from '@gangway/http';"],
  [/hide shared mistakes/, `${CLOUD}/server.test.ts`, "import { googleCloud } from '@gangway/google-cloud';"],
  [/nothing of the local cloud/, 'packages/auth/src/a.ts', "import { startCloud } from '@gangway/emulator';"],
  [/nothing of the local cloud/, 'actions/fly-deploy/main.ts', "import('@gangway/emulator');"],
  [/kernel knows no service/, `${CLOUD}/kernel/router.ts`, "import type { Run } from '../google/run/a.ts';"],
  [/kernel knows no service/, `${CLOUD}/kernel/router.ts`, "type C = import('../cloud.ts').Cloud;"],
  [/contracts\.ts alone/, `${CLOUD}/google/run/a.ts`, "import { b } from '../iam/b.ts';"],
  [/contracts\.ts alone/, `${CLOUD}/google/run/a.ts`, "import { b } from '../../github/b.ts';"],
  [/contracts\.ts alone/, `${CLOUD}/registry/a.ts`, "import type { B } from '../fly/b.ts';"],
  [/share knows no service/, `${CLOUD}/google/tokens/a.ts`, "import { b } from '../oauth/b.ts';"],
  [/share knows no service/, `${CLOUD}/oci/a.ts`, "import type { B } from '../registry/b.ts';"],
  [/made of the kernel/, `${CLOUD}/contracts.ts`, "import type { B } from './google/iam/b.ts';"],
  [/only tests use/, 'packages/registry/src/a.ts', "import { serve } from '@gangway/google-cloud/testing';"],
  [/only tests use/, 'packages/openapi/src/a.ts', "import type { Pair } from '../test/pairs/pair.ts';"],
  [/only tests use/, 'packages/openapi/src/a.ts', "export { a } from './b.test.ts';"],
  [
    /test\/ nor scripts\//,
    'packages/http/src/a.test.ts',
    "import { job } from '../../../test/helpers/job.ts';",
  ],
  [/test\/ nor scripts\//, 'actions/fly-deploy/main.ts', "import { build } from '../../scripts/build.ts';"],
];

describe('an import that breaks a rule', () => {
  it.each(PLANTED)('%s: %s, %s', (rule, file, source) => {
    const found = said(file, `// A line before.\n${source}\n`);
    const [specifier = ''] = /(?<=')[^']+(?=')/.exec(source) ?? [];
    const told = found.find((violation) => rule.test(violation));
    expect(told).toMatch(`${file}:2 imports ${specifier}, but `);
    expect(told).toMatch(/\n {2}To fix it: \w.*\.$/);
  });

  it('is shown for every rule', () => {
    const unshown = RULES.filter(({ says }) => !PLANTED.some(([rule]) => rule.test(says)));
    expect(unshown).toEqual([]);
  });
});

it('says when two rooms of an action import each other', () => {
  const there = importsOf('actions/a/build/b.ts', "import { c } from '../cache/c.ts';", WORKSPACES);
  const back = importsOf('actions/a/cache/d.ts', "\nimport type { E } from '../build/e.ts';", WORKSPACES);
  expect(violations([...there, ...back])).toEqual([
    expect.stringMatching(
      'actions/a/build/b.ts:1 imports ../cache/c.ts, but actions/a/cache imports actions/a/build too',
    ),
    expect.stringMatching(
      'actions/a/cache/d.ts:2 imports ../build/e.ts, but actions/a/build imports actions/a/cache too',
    ),
  ]);
  expect(violations(there)).toEqual([]);
});

describe('an import that goes the right way', () => {
  it.each([
    ['actions/fly-deploy/main.ts', "import { send } from '@gangway/http';"],
    ['actions/fly-deploy/rollout/a.ts', "import type { Inputs } from '../inputs.ts';"],
    ['packages/action/src/inputs.ts', "import { getInput } from '@actions/core';"],
    ['packages/auth/test/cloud-around.ts', "import { startCloud } from '@gangway/emulator';"],
    ['packages/registry/src/a.test.ts', "import { serve } from '@gangway/google-cloud/testing';"],
    ['packages/openapi/src/read/open-document.ts', "import { existsSync } from 'node:fs';"],
    ['packages/openapi/src/emit/google.test.ts', "import { readFileSync } from 'node:fs';"],
    ['test/workflows/a.test.ts', "import { parseAction } from '@actions/workflow-parser';"],
    [
      `${CLOUD}/kernel/router.ts`,
      "import { a } from './a.ts';\nimport { text } from 'node:stream/consumers';",
    ],
    [`${CLOUD}/google/run/a.ts`, "import { b } from './b.ts';\nimport { c } from '../../kernel/c.ts';"],
    [`${CLOUD}/google/run/a.ts`, "import type { C } from '../../contracts.ts';\nimport '../../docker/d.ts';"],
    [`${CLOUD}/google/run/a.ts`, "import '../tokens/scopes.ts';\nimport '../../oci/index.ts';"],
    [`${CLOUD}/contracts.ts`, "import type { ImageHome } from './oci/index.ts';"],
    [`${CLOUD}/google/services.ts`, "import { run } from './run/service.ts';"],
    [`${CLOUD}/google/run/a.test.ts`, "import { b } from '../iam/b.ts';"],
    ['actions/fly-deploy/a.ts', "const text = \"import '@actions/core'\"; // from '@actions/core'"],
  ])('is fine: %s, %s', (file, source) => expect(said(file, source)).toEqual([]));
});

describe('a checkout', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-arrows-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  }

  it('is read whole, what is installed aside', async () => {
    await write({
      'packages/http/package.json':
        '{"name":"@gangway/http","exports":{".":"./src/index.ts","./testing":"./test/a.ts"}}',
      'packages/http/src/index.ts': "import type { A } from '@gangway/http/testing';\n",
      'packages/http/node_modules/a/a.ts': "import '@gangway/token';\n",
      'actions/token/package.json': '{"name":"@gangway/token"}',
      'actions/token/rooms/a.ts': "import { send } from '@gangway/http';\n",
      'scripts/a.js': "import './b.ts';\n",
      'test/a/a.test.ts': "import '../../scripts/a.js';\n",
    });
    expect(importsIn(folder).map(({ file, target }) => `${file} ${target}`)).toEqual([
      'actions/token/rooms/a.ts packages/http/src/index.ts',
      'packages/http/src/index.ts packages/http/test/a.ts',
      'scripts/a.js scripts/b.ts',
      'test/a/a.test.ts scripts/a.js',
    ]);
  });

  it('may hold no import circle, of types either: Biome finds it by our settings', async () => {
    await copyFile(join(root, 'biome.json'), join(folder, 'biome.json'));
    await write({ '.gitignore': 'node_modules\n', 'packages/http/src/b.ts': 'export type B = 1;\n' });
    const a = "import type { B } from './b.ts';\n\nexport type A = B;\n";
    await write({ 'packages/http/src/a.ts': a });
    expect(await lint()).toBe('');
    await write({
      'packages/http/src/b.ts': a
        .replaceAll(/[AB]/g, (name) => (name === 'A' ? 'B' : 'A'))
        .replace('b.ts', 'a.ts'),
    });
    expect(await lint()).toMatch(/packages\/http\/src\/a\.ts:1:\d+ lint\/suspicious\/noImportCycles/);
  });

  /** What Biome finds wrong. */
  async function lint(): Promise<string> {
    const biome = join(root, 'node_modules/.bin/biome');
    return promisify(execFile)(biome, ['ci', '--error-on-warnings', '--colors=off', '.'], {
      cwd: folder,
    }).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
    );
  }
});
