import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAction } from '@gangway/runner';
import { describe, expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const actions = readdirSync(fileURLToPath(new URL('../actions', import.meta.url)));

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

  it('carries the licences of what is in it', () => {
    expect(readFileSync(join(dist, action, 'licenses.txt'), 'utf8')).toContain('@actions/core');
  });

  it('starts, and says what is missing', async () => {
    const { exitCode, annotations, temp } = await runAction({ action });
    rmSync(temp, { recursive: true });
    expect(exitCode).toBe(1);
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(/^Input "\w+" is required and was empty\.\nTo fix it: /);
  });
});
