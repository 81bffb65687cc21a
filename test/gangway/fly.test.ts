import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlyRepository, flyRepository } from '../helpers/fly/fly-repository.ts';

// needs: base-image, act, flyctl
// takes minutes

const ready = find('act').length > 0 && find('flyctl').length > 0;
const SECRET = `\${{ secrets.FLY_API_TOKEN }}`;

describe.runIf(ready)('gangway run in a repository with an app of Fly.io', () => {
  let engine: Engine;
  const open: FlyRepository[] = [];
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(async () => {
    for (const repository of open) repository.close();
    await engine?.stop();
  });

  it.each([
    // As Fly.io's guide has it (https://fly.io/docs/launch/continuous-deployment-with-github-actions/).
    [
      'superfly/flyctl-actions',
      `- uses: superfly/flyctl-actions/setup-flyctl@master
      - run: flyctl deploy --remote-only
        env:
          FLY_API_TOKEN: ${SECRET}`,
    ],
    [
      'fly-deploy',
      `- uses: gangway-dev/gangway/actions/fly-deploy@v1
        with:
          api_token: ${SECRET}`,
    ],
  ])('goes from git init to an app that answers, with %s', async (name, steps) => {
    const app = `shop-${name.replaceAll(/[^a-z]+/g, '-')}`;
    const repository = flyRepository(app, await baseImage(engine), engine.environment);
    open.push(repository);
    repository.write(
      '.github/workflows/fly.yml',
      `name: Fly Deploy
on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-latest
    concurrency: deploy-group
    steps:
      - uses: actions/checkout@v4
      ${steps}
`,
    );
    const started = performance.now();
    const { status, stdout, stderr } = repository.gangway('run', '--keep');
    expect(status, stdout + stderr).toBe(0);
    console.log(`To an app on Fly.io with ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    expect(stdout).toContain(`the Fly.io app ${app}`);
    const [, url = ''] = new RegExp(`^${app} answers 200:\\n {2}curl (\\S+)$`, 'm').exec(stdout) ?? [];
    expect(await (await fetch(url)).text()).toBe('hello\n');
    // The builder that flyctl makes is nothing that somebody deployed.
    expect(JSON.parse(repository.gangway('status', '--json').stdout).resources.apps).toEqual([
      { name: app, url, machines: 2 },
    ]);
  });
});
