import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { missingFileHint } from './missing-file.ts';

afterEach(() => vi.unstubAllEnvs());

it.each([
  [[], /the workspace is empty.*actions\/checkout/],
  [['gha-creds-0a1b.json'], /the workspace is empty.*actions\/checkout/],
  [['README.md'], /^check the path$/],
])('with %j in the workspace', (files, hint) => {
  const workspace = mkdtempSync(join(tmpdir(), 'gangway-missing-'));
  for (const file of files) writeFileSync(join(workspace, file), '');
  vi.stubEnv('GITHUB_WORKSPACE', workspace);
  expect(missingFileHint('check the path')).toMatch(hint);
  rmSync(workspace, { recursive: true });
});
