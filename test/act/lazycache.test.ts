import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { baseImage, type Engine, find, QUICK_GO, run, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActEvent, type ActRun, runAct } from '../../scripts/act/run-act.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { exampleFiles } from '../helpers/example-files.ts';
import { owner } from '../helpers/run-job.ts';

// needs: base-image, act
// takes minutes

const [act] = find('act');
const [go] = find('go');
const EXAMPLE = fileURLToPath(new URL('../../examples/lazycache-on-compute', import.meta.url));
const RUNTIME = 'lazycache@demo-project.iam.gserviceaccount.com';
const ZONE = 'compute/v1/projects/demo-project/zones/us-west1-a';

/** What takes the place of one machine when the workflow is to deploy to a group, as the example's page says. */
const AS_GROUP = `      group: go-lazycache
      size: 2
      health_check: /healthz
      max_surge: 1
      max_unavailable: 0
`;

interface Instances {
  readonly items?: readonly {
    readonly status: string;
    readonly networkInterfaces: readonly { accessConfigs?: readonly { natIP?: string }[] }[];
  }[];
}

it.runIf(go)(
  'scales, keeps and refuses, by its own tests',
  async () => {
    const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: QUICK_GO };
    expect(await run(go ?? '', ['test', './...'], { cwd: EXAMPLE, env })).toMatch(/^ok\s/m);
  },
  180_000,
);

describe.runIf(act && go)('the image cache on Compute Engine under act', () => {
  let engine: Engine;
  let local: LocalCloud;
  let files: Record<string, string>;
  /** Where `actions/setup-go` would bring it back: each job has a home of its own, and would compile Go's library again. */
  let cache: string;

  beforeAll(async () => {
    cache = (await run(go ?? '', ['env', 'GOCACHE'])).trim();
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    files = exampleFiles('lazycache-on-compute', await baseImage(engine), 'FROM');
    // An engine reads a FROM as it stands: the base is in the registry that stands in for Google's.
    const workflow = '.github/workflows/deploy.yml';
    const host = new URL(local.cloud.origin).host;
    files[workflow] = (files[workflow] ?? '').replace('build_args: BASE=', `build_args: BASE=${host}/`);
    await owner(local, 'POST', 'v1/projects/demo-project/serviceAccounts', { accountId: 'lazycache' });
    const { iam } = local.cloud;
    const deployer = `serviceAccount:${local.stepEnvironment.GANGWAY_SERVICE_ACCOUNT}`;
    iam.grant(`projects/demo-project/serviceAccounts/${RUNTIME}`, 'roles/iam.serviceAccountUser', deployer);
    iam.grant('projects/demo-project', 'roles/artifactregistry.reader', `serviceAccount:${RUNTIME}`);
  }, 300_000);

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('is built, pushed and run on a machine, which answers at its address', async () => {
    const { ran, said } = await push(files, 'dives');
    expect(ran.jobResults, said).toEqual(['success', 'success']);
    const { address } = (await owner(
      local,
      'GET',
      'compute/v1/projects/demo-project/regions/us-west1/addresses/go-lazycache',
    )) as { address: string };
    expect(await (await fetch(`http://${address}/`)).text()).toBe(
      'lazycache of gs://dives: 0 pictures, 0 bytes\n',
    );
  }, 600_000);

  it('is deployed to a group and replaced there without a moment in which nothing answers', async () => {
    const workflow = '.github/workflows/deploy.yml';
    const grouped = (files[workflow] ?? '')
      .replace(/^ +instance: .*\n/m, AS_GROUP)
      .replace(/^ +(address|create_address|check_url): .*\n/gm, '');
    const group = { ...files, [workflow]: grouped };
    const first = await push(group, 'dives');
    expect(first.ran.jobResults, first.said).toEqual(['success', 'success']);
    expect(await answers()).toEqual(['dives', 'dives']);

    const moments: number[] = [];
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        moments.push((await answers()).length);
        await sleep(200);
      }
    })();
    const { ran, said } = await push(group, 'surveys');
    isOver = true;
    await watching;
    expect(ran.jobResults, said).toEqual(['success', 'success']);
    expect(await answers()).toEqual(['surveys', 'surveys']);
    expect(moments.length).toBeGreaterThan(10);
    expect(Math.min(...moments)).toBeGreaterThan(0);
  }, 900_000);

  /** The buckets that the machines of the group say they serve, as far as they answer. */
  async function answers(): Promise<string[]> {
    const { items = [] } = (await owner(local, 'GET', `${ZONE}/instances`)) as Instances & {
      items?: readonly { name: string }[];
    };
    const own = items.filter((item) => /^go-lazycache-/.test((item as { name?: string }).name ?? ''));
    const said = await Promise.all(
      own.map(async ({ networkInterfaces: [first] }) => {
        const address = first?.accessConfigs?.[0]?.natIP;
        const answer = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(2000) }).catch(
          () => undefined,
        );
        return answer?.ok ? /gs:\/\/(\w+)/.exec(await answer.text())?.[1] : undefined;
      }),
    );
    return said.filter((bucket) => bucket !== undefined).sort();
  }

  async function push(
    caller: Readonly<Record<string, string>>,
    bucket: string,
  ): Promise<{ ran: ActRun; said: string }> {
    const events: ActEvent[] = [];
    const ran = await runAct({
      ...{ act: act ?? '', base: '', local, caller },
      onEvent: (event) => events.push(event),
      variables: { RUNTIME_SERVICE_ACCOUNT: RUNTIME, BUCKET: bucket },
      env: { GOCACHE: cache, GOFLAGS: QUICK_GO },
    });
    return { ran, said: events.map(({ msg }) => msg?.trimEnd()).join('\n') };
  }
});
