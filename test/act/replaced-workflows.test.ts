import { createServiceAccountKey } from '@gangway/emulator';
import { type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { owner, type Shown } from '../helpers/run-job.ts';
import { shellBase } from '../helpers/shell-base.ts';
import { REPLACED } from '../workflows/replaced-workflows.ts';
import { addProject, calling, callThroughAct } from './call.ts';

// needs: act
// takes minutes

const [act] = find('act');

/** What the repositories have as far as their workflows notice, and whether anybody may call what is deployed. */
const CASES = [
  {
    repository: 'fgosc/fgosccalc',
    project: 'fgosccalc',
    path: 'asia-northeast1/services/fgosccalc',
    // The prepare step writes static/version.
    files: { 'static/index': 'hello\n' },
    directory: '',
    ask: { path: '/version', status: 200, text: 'commit ' },
  },
  {
    repository: 'WindsorMacmillan/SevenZipBackup',
    project: 'drivebackup-276620',
    path: 'us-central1/services/authenticator',
    files: { 'Authenticator/static/index': 'hello\n' },
    directory: 'Authenticator/',
    ask: { path: '/index', status: 403, text: '' },
  },
] as const;

describe.runIf(act)('workflows that became one call, under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let dockerfile: string;
  let key: string;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    const run = 'CMD ["sh", "-c", "exec httpd -f -p $PORT -h /www"]';
    dockerfile = `FROM ${(await shellBase()) ?? ''}\nCOPY static /www\n${run}\n`;
    const { GANGWAY_SERVICE_ACCOUNT: deployer = '' } = local.stepEnvironment;
    key = JSON.stringify(await createServiceAccountKey(local.cloud, deployer));
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it.each(CASES)('deploys $repository', async ({ repository, project, path, files, directory, ask }) => {
    const replaced = REPLACED.find((one) => one.repository === repository);
    if (!replaced) throw new Error(`${repository} is not in the table`);
    addProject(local, project);
    const names = Object.values(replaced.secrets).flatMap((text) => /secrets\.(\w+)/.exec(text)?.[1] ?? []);
    const { run, said } = await callThroughAct(local, {
      files: { ...files, [`${directory}Dockerfile`]: dockerfile },
      jobs: { deploy: calling(replaced.workflow, replaced.with, { secrets: replaced.secrets }) },
      secrets: Object.fromEntries(names.map((name) => [name, key])),
      // Whoever deploys with a key has no use for the job's ID token.
      variables: {},
    });
    expect(run.jobResults, said).toEqual(['success']);
    const { uri, template } = (await owner(
      local,
      'GET',
      `v2/projects/${project}/locations/${path}`,
    )) as Shown;
    expect(String(template.containers[0]?.image)).toContain(`${replaced.with.image_name}@sha256:`);
    const answer = await fetch(`${/^https?:/.test(uri) ? uri : `http://${uri}`}${ask.path}`);
    expect(answer.status).toBe(ask.status);
    expect(await answer.text()).toContain(ask.text);
  });
});
