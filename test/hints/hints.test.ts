import { find } from '@gangway/engine';
import type { StepResult } from '@gangway/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GcloudSession, gcloudSession } from '../../packages/emulator/test/gcloud-session.ts';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';

// needs: gcloud
// takes minutes

const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'hints', version: '1' },
  paths: { '/': { get: { operationId: 'root', responses: { 200: { description: 'ok' } } } } },
};
/** More than any step has to be told. */
const MOST = 20;

describe.skipIf(find('gcloud').length === 0)('the commands of hints, carried out one by one', () => {
  let gateway: GatewayJob;
  let gcloud: GcloudSession;
  beforeAll(async () => {
    gateway = await startGatewayJob();
    const { cloud, exports } = gateway.job;
    gcloud = gcloudSession({ PATH: process.env.PATH, HOME: gateway.job.temp, ...exports });
    // A deployer that nobody has granted anything, in a project where hardly anything is on.
    const owned = cloud.iam
      .get('projects/demo-project')
      .bindings.filter(({ role }) => role === 'roles/owner');
    cloud.iam.set('projects/demo-project', { bindings: owned });
    cloud.iam.set(`projects/demo-project/serviceAccounts/${exports.GANGWAY_SERVICE_ACCOUNT}`, {});
    // Its refusal reads as that of a service that is still new, which is waited for; set-up's tests hold the step to it.
    const deployer = `serviceAccount:${exports.GANGWAY_SERVICE_ACCOUNT}`;
    cloud.iam.grant('projects/demo-project', 'roles/servicemanagement.serviceConsumer', deployer);
    for (const api of ['apigateway', 'apikeys', 'secretmanager'])
      cloud.serviceUsage.enabled.delete(`${api}.googleapis.com`);
  }, 120_000);
  afterAll(async () => {
    await gcloud[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  /** Repeats a step, and does what it says in between, until it passes. @returns the commands that it took */
  async function told(step: () => Promise<StepResult>): Promise<string[]> {
    const done: string[] = [];
    for (;;) {
      const result = await step();
      if (result.exitCode === 0) return done;
      const next = commandsIn(result.log).filter((command) => !done.includes(command));
      expect(next, `no new command in:\n${result.log}`).not.toEqual([]);
      expect(done.length, done.join('\n')).toBeLessThan(MOST);
      for (const command of next) {
        const { code, stderr } = await gcloud.run(...wordsOf(command));
        expect(code, `${command}\n${stderr}`).toBe(0);
        done.push(command);
      }
    }
  }

  const key = (inputs: Readonly<Record<string, string>>) => () =>
    gateway.job.step('create-api-key', inputs, { fails: 'either' });

  it.each<[name: string, step: () => Promise<StepResult>, takes: RegExp]>([
    [
      'enable-service',
      () => gateway.job.step('enable-service', { services: 'firestore.googleapis.com' }, { fails: 'either' }),
      /workloadIdentityUser[\s\S]*serviceUsageAdmin/,
    ],
    [
      'create-api-key',
      key({ key_id: 'hinted', services: 'run.googleapis.com' }),
      /services enable apikeys[\s\S]*apiKeysAdmin/,
    ],
    [
      'create-api-key that stores the key',
      key({ key_id: 'stored', services: 'run.googleapis.com', secret: 'hinted' }),
      /services enable secretmanager[\s\S]*secrets create hinted[\s\S]*secretAccessor[\s\S]*secretVersionAdder/,
    ],
    [
      'deploy-api-config',
      () => gateway.deploy(DOCUMENT, { api: 'hinted', gateway: 'hinted' }, { fails: 'either' }),
      /services enable apigateway[\s\S]*apigateway\.admin[\s\S]*serviceAccountUser/,
    ],
  ])('%s passes', { timeout: 280_000 }, async (_, step, takes) => {
    expect((await told(step)).join('\n')).toMatch(takes);
  });
});

/** The commands of a step's log: between quotes, or each to the end of its last flag. */
function commandsIn(log: string): string[] {
  const found = log.matchAll(
    /"gcloud ([^"\n]+)"|gcloud ((?:services|iam|projects|artifacts|secrets|run) [^\n`]*)/g,
  );
  const commands = [...found].map(
    ([, quoted, rest = '']) =>
      quoted ??
      rest
        .replace(/%0A[\s\S]*$/, '')
        .replace(/\s+\(docs\/set-up\.md[\s\S]*$/, '')
        .replace(/(?:;\s|,\s|\.$|\s+and\s)[\s\S]*$/, ''),
  );
  return [...new Set(commands.map((command) => command.trim()))];
}

/** Words as a shell takes them. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return [...words.map((word) => word.replace(/(["'])(.*?)\1/g, '$2')), '--quiet'];
}
