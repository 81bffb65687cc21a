import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { published } from '../../scripts/act/workspace.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { owner, type Shown } from '../helpers/run-job.ts';
import { shellBase } from '../helpers/shell-base.ts';
import { addProject, calling, callThroughAct } from './call.ts';

// needs: act
// takes minutes

const [act] = find('act');
const PRODUCTION = 'demo-production';
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/forecast';
const SPEC = `openapi: 3.0.3
info: { title: Forecast, version: '1' }
paths:
  /forecast:
    get: { operationId: forecast, responses: { '200': { description: OK } } }
`;

describe.runIf(act)('a build that is promoted, under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let files: Record<string, string>;
  let env: Record<string, string>;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    addProject(local, PRODUCTION);
    const base = (await shellBase()) ?? '';
    files = {
      Dockerfile: `FROM ${base}\nCMD ["sh", "-c", "mkdir -p /tmp/www; echo $STAGE > /tmp/www/forecast; exec httpd -f -p $PORT -h /tmp/www"]\n`,
      'openapi.yaml': SPEC,
    };
    env = { PATH: [await ghFolder(local), local.stepEnvironment.PATH ?? process.env.PATH].join(delimiter) };
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('runs the same bytes in staging and in production, in another project, once its provenance was checked', async () => {
    const { run, said } = await callThroughAct(local, {
      files,
      env,
      jobs: {
        build: calling('build.yml', { image: IMAGE, spec: 'openapi.yaml' }, attesting()),
        staging: calling(
          'deploy-api.yml',
          {
            ...target('staging', 'demo-project'),
            image_name: IMAGE,
            gateway_service_account: '${{ vars.GANGWAY_GATEWAY_SERVICE_ACCOUNT }}',
          },
          { needs: 'build' },
        ),
        production: calling(
          'deploy-cloud-run.yml',
          {
            ...target('production', PRODUCTION),
            repository: 'apis',
            invokers: 'allUsers',
            require_provenance: 'true',
            signer_workflow: `${published}/.github/workflows/build.yml`,
          },
          { needs: ['build', 'staging'] },
        ),
      },
    });
    expect(run.jobResults, said).toEqual(['success', 'success', 'success']);
    const staging = await serviceOf('demo-project');
    const production = await serviceOf(PRODUCTION);
    const [image = '', digest] = imageOf(staging).split('@');
    expect(image).toBe(IMAGE);
    expect(imageOf(production)).toBe(`${IMAGE.replace('demo-project', PRODUCTION)}@${digest}`);
    expect(said).toContain(`was built in example/fastapi-on-cloud-run of `);
    expect(await (await fetch(`${http(production.uri)}/forecast`)).text()).toBe('production\n');
  });

  it('goes nowhere when it comes from elsewhere', async () => {
    const before = await serviceOf(PRODUCTION);
    const inputs = {
      ...target('production', PRODUCTION),
      image: imageOf(await serviceOf('demo-project')),
      ...{ repository: 'apis', migrate_command: 'true', require_provenance: 'example/other' },
    };
    const { run, said } = await callThroughAct(local, {
      env,
      jobs: { production: calling('deploy-cloud-run.yml', inputs) },
    });
    expect(run.jobResults, said).toEqual(['failure']);
    expect(said).toContain('Input "require_provenance" asks where the image comes from');
    expect(run.outputs.migrate).toBeUndefined();
    expect(await serviceOf(PRODUCTION)).toEqual(before);
  });

  const serviceOf = async (project: string) =>
    (await owner(local, 'GET', `v2/projects/${project}/locations/us-central1/services/forecast`)) as Shown;
});

function target(environment: string, project: string): Record<string, unknown> {
  return {
    ...{ environment, project_id: project, region: 'us-central1', service: 'forecast' },
    image: '${{ needs.build.outputs.image }}',
    env_vars: `STAGE=${environment}`,
  };
}

function attesting(): Record<string, unknown> {
  return { permissions: { contents: 'read', 'id-token': 'write', attestations: 'write' } };
}

function imageOf({ template }: Shown): string {
  return String(template.containers[0]?.image);
}

function http(uri: string): string {
  return /^https?:/.test(uri) ? uri : `http://${uri}`;
}

/** A folder with a `gh` for the PATH. */
async function ghFolder({ folder }: LocalCloud): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const script = fileURLToPath(new URL('gh.ts', import.meta.url));
  await writeFile(join(bin, 'gh'), `#!/bin/sh\nexec node ${JSON.stringify(script)} "$@"\n`);
  await chmod(join(bin, 'gh'), 0o755);
  return bin;
}
