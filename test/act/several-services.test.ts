import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type ActEvent, type ActRun, runAct } from '../../scripts/act/run-act.ts';
import { published } from '../../scripts/act/workspace.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { exampleFiles } from '../helpers/example-files.ts';

// needs: base-image, act
// takes minutes

const [act] = find('act');
const SERVICES = 'projects/demo-project/locations/us-central1/services';

describe.runIf(act)('several services under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let files: Record<string, string>;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    files = exampleFiles('several-services', await baseImage(engine));
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('are deployed by a matrix, with one gateway in front of them', async () => {
    const { run, said } = await call(files);
    expect(run.jobResults, said).toEqual(['success', 'success', 'success']);
    const { url = '' } = run.outputs.gateway ?? {};
    const { key = '' } = run.outputs.key ?? {};
    const gateway = /^https?:/.test(url) ? url : `http://${url}`;
    const ask = async (path: string) => {
      const answer = await fetch(`${gateway}${path}`, { headers: { 'x-api-key': key } });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await ask('/orders/1')).toMatchObject({ status: 200, body: { article: 'kettle' } });
    expect(await ask('/stock/kettle')).toMatchObject({ status: 200, body: { pieces: 17 } });
    expect((await fetch(`${gateway}/orders`)).status).toBe(401);
  });

  it('are taken down by teardown.yml once the plan was shown', async () => {
    const { run, said } = await call({ '.github/workflows/deploy.yml': stringify(takeDown()) });
    expect(run.jobResults, said).toEqual(['success', 'success']);
    expect(said).toContain('Would delete gateway shop in us-central1.');
    expect(said).toContain('Everything planned was deleted.');
    const { apiGateway, run: services, artifactRegistry } = local.cloud;
    expect([...apiGateway.gateways.keys(), ...apiGateway.apis.keys()]).toEqual([]);
    expect(services.list(SERVICES)).toEqual([]);
    const repository = artifactRegistry.find('projects/demo-project/locations/us-central1/repositories/shop');
    expect(repository?.images.list().map(({ name }) => name)).not.toContain('orders');
  });

  async function call(caller: Readonly<Record<string, string>>): Promise<{ run: ActRun; said: string }> {
    const events: ActEvent[] = [];
    const onEvent = (event: ActEvent) => events.push(event);
    const run = await runAct({ act: act ?? '', base: '', local, onEvent, caller });
    return { run, said: events.map(({ msg }) => msg?.trimEnd()).join('\n') };
  }
});

/** A workflow that shows the plan, and then carries it out. */
function takeDown(): object {
  const images = ['orders', 'stock'].map((name) => `us-central1-docker.pkg.dev/demo-project/shop/${name}`);
  const shared = {
    permissions: { contents: 'read', 'id-token': 'write' },
    uses: `${published}/.github/workflows/teardown.yml@v1`,
  };
  const inputs = {
    project_id: '${{ vars.GOOGLE_CLOUD_PROJECT }}',
    workload_identity_provider: '${{ vars.WORKLOAD_IDENTITY_PROVIDER }}',
    service_account: '${{ vars.DEPLOY_SERVICE_ACCOUNT }}',
    ...{
      region: 'us-central1',
      service: 'orders, stock',
      api: 'shop',
      key_id: 'shop',
      image: images.join('\n'),
    },
  };
  return {
    on: 'workflow_dispatch',
    jobs: {
      plan: { ...shared, with: inputs },
      teardown: {
        ...shared,
        needs: 'plan',
        if: "needs.plan.outputs.planned != ''",
        with: { ...inputs, dry_run: false },
      },
    },
  };
}
