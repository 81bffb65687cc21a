import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAction } from '@gangway/runner';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagesOf } from './packages-of.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const actions = readdirSync(join(root, 'actions'));

/** Bytes of JavaScript that a runner downloads and parses. */
const BUDGET: Readonly<Record<string, number>> = {
  'build-and-push': 1_100_000,
  'deploy-api-config': 2_200_000,
  // Reads YAML.
  'deploy-cloud-run': 1_000_000,
  // With @actions/tool-cache.
  'fly-deploy': 1_000_000,
};
const USUAL_BUDGET = 900_000;

/** Inputs of an action that would work without any. */
const LACKING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'setup-local-cloud': { project_id: '' },
};

let inBundles: Awaited<ReturnType<typeof packagesOf>>;
beforeAll(async () => {
  inBundles = await packagesOf(actions.flatMap(scriptsOf));
}, 180_000);

describe.each(actions)('the bundle of %s', (action) => {
  const files = readdirSync(join(dist, action)).filter((name) => name.endsWith('.js'));

  it('stays within its budget', () => {
    const bytes = files.reduce((sum, name) => sum + statSync(join(dist, action, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(BUDGET[action] ?? USUAL_BUDGET);
  });

  it('holds all it needs: no import was left for run time', () => {
    for (const name of files)
      expect(readFileSync(join(dist, action, name), 'utf8')).not.toContain('eval("require")');
  });

  it('leaves out gRPC and undici, which no step calls and every step would load', () => {
    for (const name of files)
      expect(readFileSync(join(dist, action, name), 'utf8')).not.toMatch(/@grpc\/|setGlobalDispatcher/);
  });

  it('carries the licence of every package whose code is in it', () => {
    const text = readFileSync(join(dist, action, 'licenses.txt'), 'utf8');
    const scripts = scriptsOf(action);
    expect(scripts).toHaveLength(files.filter((name) => ['index.js', 'post.js'].includes(name)).length);
    for (const script of scripts) {
      const packages = inBundles.get(script) ?? new Set();
      expect(packages).toContain('@actions/core');
      for (const found of packages) {
        const [, license = ''] = text.split(new RegExp(`^${found} \\d+\\.\\d+\\.\\d+.*\\n`, 'm'));
        expect(license, found).toMatch(/^[\w.()-]+.*\n[\s\S]{0,500}?copyright/i);
        expect(license, found).toMatch(/without warranty|"?as is"?/i);
      }
    }
    expect(text).toContain('JS Foundation');
  });

  it('has nothing beside it but what it loads', () => {
    for (const name of readdirSync(join(dist, action)))
      expect(name).toMatch(/^(index|main|post|clean-up|\d+\.index)\.js$|^licenses\.txt$|^[0-9a-f]{20}\.sh$/);
  });

  it('starts, and says what is missing', async () => {
    const { exitCode, annotations, temp } = await runAction({ action, inputs: LACKING[action] ?? {} });
    rmSync(temp, { recursive: true });
    expect(exitCode).toBe(1);
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(/^Input "\w+" is required and was empty\.\nTo fix it: /);
  });
});

it('lets a command of gangway that only asks start without the local cloud', () => {
  const started = join(dist, 'gangway/main.mjs');
  expect(statSync(started).size).toBeLessThanOrEqual(850_000);
});

/** The scripts that are bundled for an action. */
function scriptsOf(action: string): string[] {
  return ['main.ts', 'post.ts']
    .map((name) => join(root, 'actions', action, name))
    .filter((path) => existsSync(path));
}
