import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction, type StepResult } from '@gangway/runner';
import { FASTAPI } from '../helpers/documents.ts';

/** A runner with a repository, where nothing runs a container. */
export interface BareRunner {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  /** What steps find beside what a runner sets. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the action that is tested. */
  setUp(
    inputs: Readonly<Record<string, string>>,
    env?: Readonly<Record<string, string>>,
  ): Promise<StepResult>;
  remove(): void;
}

export function bareRunner(): BareRunner {
  const root = mkdtempSync(join(tmpdir(), 'gangway-setup-'));
  const [workspace, temp, home] = ['workspace', 'temp', 'home'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [workspace, temp, home]) mkdirSync(folder);
  writeFileSync(
    join(workspace, 'seed.yaml'),
    'service_accounts: [forecast]\nsecrets: { db: correct-horse-battery }\n',
  );
  writeFileSync(join(workspace, 'openapi.json'), JSON.stringify(FASTAPI));
  const env = { HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  return {
    ...{ root, workspace, temp, home, env },
    setUp: (inputs, more = {}) =>
      runAction({ action: 'setup-local-cloud', inputs, workspace, temp, env: { ...env, ...more } }),
    remove: () => rmSync(root, { recursive: true }),
  };
}
