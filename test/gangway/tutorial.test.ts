import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleFiles } from '../helpers/example-files.ts';

// needs: base-image, act
// takes minutes

const GANGWAY = fileURLToPath(new URL('../../dist/gangway/index.js', import.meta.url));
const PAGE = readFileSync(new URL('../../docs/get-started/fastapi.md', import.meta.url), 'utf8');
const [act] = find('act');

describe.runIf(act)("the tutorial's repository", () => {
  const root = mkdtempSync(join(tmpdir(), 'gangway-tutorial-'));
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(async () => {
    await engine?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('is deployed by the workflow as the page has it, to a URL that answers only with a key', async () => {
    const [, workflow = ''] = /^```yaml\n(name: Deploy[\s\S]*?)^```$/m.exec(PAGE) ?? [];
    expect(workflow).toContain('deploy-api.yml');
    const files = {
      ...exampleFiles('fastapi-on-cloud-run', await baseImage(engine)),
      '.github/workflows/deploy.yml': workflow,
    };
    const folder = join(root, 'my-repository');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    git('init', '--quiet', '--initial-branch=main');
    git('remote', 'add', 'origin', 'https://github.com/my-org/my-repository.git');
    const env = { ...process.env, XDG_STATE_HOME: join(root, 'state') };
    const options = { cwd: folder, env, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [GANGWAY, 'run'], options);
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain('forecast answers 401 without a key, 200 with it');
  });
});
