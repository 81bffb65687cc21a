import { type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { type Shown, show } from '../helpers/run-job.ts';
import { shellBase } from '../helpers/shell-base.ts';
import { type Called, calling, callThroughAct } from './call.ts';

// needs: act
// takes minutes

const [act] = find('act');
const PLACE = { service: 'forecast', region: 'us-central1' };

const SPEC = (path: string) => `openapi: 3.0.3
info: { title: Forecast, version: '1' }
paths:
  /${path}:
    get: { operationId: ask, responses: { '200': { description: OK } } }
`;

describe.runIf(act)('rollback.yml under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let base: string;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    base = (await shellBase()) ?? '';
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('gives service and gateway back to the release before, and says so first where it is asked to', async () => {
    for (const release of ['good', 'bad']) {
      const { run, said } = await deploy(release);
      expect(run.jobResults, said).toEqual(['success']);
    }
    expect(await answers()).toEqual({ good: 404, bad: 200 });
    expect(await routes()).toEqual({ good: 404, bad: 401 });

    const { run, said } = await callThroughAct(local, {
      jobs: {
        plan: calling('rollback.yml', { ...PLACE, gateway: 'forecast', dry_run: true }),
        rollback: calling(
          'rollback.yml',
          { ...PLACE, gateway: 'forecast', check_url: 'GET /good 200', verify: 'GET /good 401' },
          { needs: 'plan' },
        ),
      },
    });
    expect(run.jobResults, said).toEqual(['success', 'success']);
    expect(said).toMatch(/Would move the gateway forecast in us-central1 from \S+ back to \S+\./);
    expect(await answers()).toEqual({ good: 200, bad: 404 });
    expect(await routes()).toEqual({ good: 401, bad: 404 });
  });

  it('leaves alone what it is told to, and changes nothing when it is run again', async () => {
    const { run, said } = await callThroughAct(local, {
      jobs: { rollback: calling('rollback.yml', { ...PLACE, gateway: 'forecast', config: 'none' }) },
    });
    expect(run.jobResults, said).toEqual(['success']);
    expect(run.outputs.service?.changed).toBe('false');
    expect(run.outputs.gateway).toBeUndefined();
    expect(await answers()).toEqual({ good: 200, bad: 404 });
  });

  function deploy(release: string): Promise<Called> {
    const inputs = { ...PLACE, repository: 'apis', spec: 'openapi.yaml', invokers: 'allUsers' };
    return callThroughAct(local, {
      files: {
        Dockerfile: `FROM ${base}\nCOPY www /www\nCMD ["sh", "-c", "exec httpd -f -p $PORT -h /www"]\n`,
        [`www/${release}`]: 'yes\n',
        'openapi.yaml': SPEC(release),
      },
      jobs: { deploy: calling('deploy-api.yml', inputs) },
    });
  }

  /** What the service answers at the path of each release. */
  async function answers(): Promise<Record<string, number>> {
    return asked((await show<Shown>(local, 'services/forecast')).uri);
  }

  /** What the gateway answers there, without a key. */
  function routes(): Promise<Record<string, number>> {
    const [gateway] = local.cloud.apiGateway.gateways.values();
    return asked(gateway?.defaultHostname ?? '');
  }
});

async function asked(host: string): Promise<Record<string, number>> {
  const url = /^https?:/.test(host) ? host : `http://${host}`;
  const status = async (path: string) => (await fetch(`${url}/${path}`)).status;
  return { good: await status('good'), bad: await status('bad') };
}
