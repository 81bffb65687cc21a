import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { githubRequestToken } from '@gangway/emulator';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint } from './complaint.ts';
import { readGuide } from './guide.ts';
import { type Project, startProject } from './project.ts';
import type { Scenario } from './scenario.ts';
import { build, key, serve } from './scenarios.ts';

// needs: base-image, gcloud

const EXAMPLE = fileURLToPath(new URL('../../examples/fastapi-on-cloud-run', import.meta.url));
const SPEC_COMMAND = "python -c 'import json, main; print(json.dumps(main.app.openapi()))'";
const WORKFLOW = 'my-org/workflows/.github/workflows/deploy.yml@refs/heads/main';

const { GANGWAY_BASE_IMAGE: BASE = '' } = process.env;
const missing = [...(find('gcloud').length > 0 ? [] : ['gcloud']), ...(BASE ? [] : ['a Docker engine'])].join(
  ' and ',
);

/** Every command of a page, in order. */
const commandsOf = (page: string) => readGuide(new URL(`../../docs/${page}`, import.meta.url)).script;

describe.skipIf(missing)(`the guides' commands${missing && ` (need ${missing})`}`, () => {
  describe('FastAPI in ten minutes', () => {
    let project: Project;
    let printed: string;
    beforeAll(async () => {
      project = await startProject();
      printed = await project.shell(commandsOf('get-started/fastapi.md'));
    });
    afterAll(() => project[Symbol.asyncDispose]());

    it('prints the name of the provider', () => {
      expect(printed.trim().split('\n').at(-1)).toBe(project.job.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER);
    });

    it('grants what the whole workflow needs, up to a URL that answers with a key', async () => {
      const source = join(project.folder, 'source');
      await cp(EXAMPLE, source, { recursive: true });
      const run = async (scenario: Scenario) => (await project.step(scenario)).outputs;
      await run({
        action: 'enable-service',
        inputs: { services: 'run.googleapis.com,apigateway.googleapis.com' },
      });
      const apis =
        'apikeys.googleapis.com,artifactregistry.googleapis.com,servicecontrol.googleapis.com,servicemanagement.googleapis.com';
      await run({ action: 'enable-service', inputs: { services: apis } });
      const { image = '', spec = '' } = await run(
        build({ source, base: BASE }, { spec_command: SPEC_COMMAND }),
      );
      const gateway = 'gateway@my-project.iam.gserviceaccount.com';
      const runtime = 'runtime@my-project.iam.gserviceaccount.com';
      const service = { invokers: `serviceAccount:${gateway}`, runtime_service_account: runtime };
      const { url: backend = '' } = await run(serve({ image }, service));
      const { url = '', managed_service = '' } = await run({
        action: 'deploy-api-config',
        inputs: { api: 'forecast', location: 'us-central1', spec, backend, gateway_service_account: gateway },
      });
      await run(key({ services: managed_service }));
      const shown = await project.shell(
        "gcloud services api-keys get-key-string forecast --location=global --format='value(keyString)'",
      );
      expect((await fetch(url, { headers: { 'x-api-key': shown.trim() } })).status).toBe(200);
      expect((await fetch(url)).status).toBe(401);
    });

    it('lets no job of another repository in', async () => {
      const said = complaint(await project.step(key({}), { fails: true, repository: 'my-org/other' }));
      expect(said).toContain('attribute condition');
    });

    it('then reads the commit of a deploy, and the errors of a service', async () => {
      const [logs = '', commit = ''] = blocksOf('how-to/observability.md');
      expect((await project.shell(commit)).trim()).toMatch(/^[0-9a-f]{40}$/);
      expect(await project.shell(logs)).toBe('');
    });
  });

  describe('Many repositories', () => {
    let project: Project;
    beforeAll(async () => {
      project = await startProject();
      const setUp = readGuide(new URL('../../docs/set-up.md', import.meta.url));
      const enabled =
        'gcloud services enable artifactregistry.googleapis.com iam.googleapis.com iamcredentials.googleapis.com sts.googleapis.com cloudresourcemanager.googleapis.com';
      await project.shell(`export CLOUDSDK_CORE_PROJECT=my-project; ${enabled}`);
      await project.shell(setUp.scriptOf('Who may sign in'));
      await project.shell(commandsOf('how-to/many-repositories.md'));
    });
    afterAll(() => project[Symbol.asyncDispose]());

    /** What a job of a repository gets when it asks for a token of a team's deployer. */
    const ask = (repository: string, team: string, workflow: string, fails = true) => {
      const token = githubRequestToken(project.job.cloud, { repository, job_workflow_ref: workflow });
      const service_account = `deployer-${team}@my-project.iam.gserviceaccount.com`;
      const inputs = { scopes: 'cloud-platform', service_account };
      const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: token };
      return project.step({ action: 'create-token', inputs, env }, { fails, repository });
    };

    it('lets the one workflow act as the deployer of the team', async () => {
      for (const [repository, team] of [
        ['my-org/checkout', 'payments'],
        ['my-org/invoices', 'payments'],
        ['my-org/catalog', 'search'],
      ] as const)
        expect((await ask(repository, team, WORKFLOW, false)).outputs.type).toBe('access_token');
    });

    it('refuses a workflow of the repository itself, and another branch of the one', async () => {
      for (const workflow of [
        'my-org/checkout/.github/workflows/deploy.yml@refs/heads/main',
        WORKFLOW.replace('main', 'mine'),
      ])
        expect(complaint(await ask('my-org/checkout', 'payments', workflow))).toContain(
          'attribute condition',
        );
    });

    it("refuses another team's deployer", async () => {
      expect(complaint(await ask('my-org/catalog', 'payments', WORKFLOW))).toContain('may not act as');
    });

    it('takes a condition for an environment in its place', async () => {
      await project.shell(commandsOf('how-to/environments.md'));
      const claims = { repository: 'my-org/checkout', environment: 'staging' };
      const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubRequestToken(project.job.cloud, claims) };
      const service_account = 'deployer-payments@my-project.iam.gserviceaccount.com';
      const scenario = { action: 'create-token', inputs: { scopes: 'cloud-platform', service_account } };
      expect(complaint(await project.step({ ...scenario, env }, { fails: true }))).toContain(
        'attribute condition',
      );
      const inProduction = { repository: 'my-org/checkout', environment: 'production' };
      expect((await project.step(scenario, inProduction)).outputs.type).toBe('access_token');
    });
  });
});

function blocksOf(page: string): string[] {
  return readGuide(new URL(`../../docs/${page}`, import.meta.url)).script.split(/\n(?=gcloud )/);
}
