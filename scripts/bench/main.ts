import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, startCloud, writeEnvironmentFiles } from '@gangway/emulator';
import { find, run } from '@gangway/engine';
import { runAction } from '@gangway/runner';
import { benchBuilds } from './builds/bench-builds.ts';
import { benchOpenapi } from './openapi.ts';
import { median, type Sample, sample } from './sample.ts';

/*
 * `npm run bench`: what an action costs beside the gcloud commands that do the same, against the same local cloud in
 * the same run. Times on their own say little on a shared machine; the ratios hold. `npm run bench -- builds [ROUNDS]
 * [LINES]` measures what caches save on wiped builders instead, which takes long.
 */

const [part, rounds = '3', only] = process.argv.slice(2);
if (part === 'builds') {
  console.log(await benchBuilds(Number(rounds), only));
  process.exit();
}

const ROUNDS = 5;
const DOCUMENT = JSON.stringify({
  swagger: '2.0',
  info: { title: 'Bench', version: '1.0.0' },
  paths: {
    '/hello': {
      get: {
        operationId: 'hello',
        responses: { 200: { description: 'OK' } },
        'x-google-backend': { address: 'https://hello.example.com' },
      },
    },
  },
});

const folder = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
const spec = join(folder, 'openapi.json');
await writeFile(spec, DOCUMENT);
const rows: { what: string; ours: Sample; theirs?: Sample | undefined }[] = [];
const gcloud = find('gcloud')[0];

for (const operationTime of [0, 10_000]) {
  const rounds = operationTime === 0 ? ROUNDS : 1;
  const name = `first deploy, operations of ${operationTime / 1000} s`;
  console.error(`${name} …`);
  rows.push({
    what: name,
    ours: await sample(rounds, () => inCloud(operationTime, (cloud) => timed(() => cloud.deploy()))),
    theirs: gcloud
      ? await sample(rounds, () => inCloud(operationTime, (cloud) => timed(() => cloud.gcloudDeploy())))
      : undefined,
  });
}
console.error('unchanged deploy …');
rows.push({
  what: 'unchanged deploy',
  ours: await inCloud(0, async (cloud) => {
    await cloud.deploy();
    return sample(ROUNDS, () => timed(() => cloud.deploy()));
  }),
  theirs: gcloud
    ? await inCloud(0, async (cloud) => {
        await cloud.gcloudDeploy();
        return sample(ROUNDS, () => timed(() => cloud.gcloudDescribe()));
      })
    : undefined,
});
await rm(folder, { recursive: true });

console.log('| What | Ours | gcloud | gcloud : ours |');
console.log('|---|---|---|---|');
for (const { what, ours, theirs } of rows) {
  const ratio = theirs ? (median(theirs) / median(ours)).toFixed(1) : '';
  console.log(`| ${what} | ${show(ours)} | ${theirs ? show(theirs) : 'not there'} | ${ratio} |`);
}

console.log(`\n${await benchOpenapi()}`);

interface BenchCloud {
  deploy(): Promise<void>;
  gcloudDeploy(): Promise<void>;
  /** What a script asks of gcloud to find out that nothing needs doing. */
  gcloudDescribe(): Promise<void>;
}

/** Runs `work` with a local cloud of its own. */
async function inCloud<T>(operationTime: number, work: (cloud: BenchCloud) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(folder, 'cloud-'));
  const cloud = await startCloud({ operationTime });
  const exports = environment(cloud, await writeEnvironmentFiles(cloud, home));
  const env = { ...process.env, ...exports };
  const command = (...args: string[]) => run(gcloud ?? 'gcloud', args, { env });
  const step = async (action: string, inputs: Record<string, string>) => {
    const { exitCode, log, outputs } = await runAction({
      action,
      inputs: {
        workload_identity_provider: exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
        service_account: exports.GANGWAY_SERVICE_ACCOUNT ?? '',
        ...inputs,
      },
      env: exports,
      temp: join(home, 'runner'),
    });
    if (exitCode !== 0) throw new Error(log);
    return outputs;
  };
  try {
    return await work({
      async deploy() {
        const { managed_service: services = '' } = await step('deploy-api-config', {
          api: 'bench',
          location: 'us-central1',
          spec,
        });
        await step('create-api-key', { key_id: 'bench', services });
      },
      async gcloudDeploy() {
        await command('api-gateway', 'api-configs', 'create', 'c1', '--api=bench', `--openapi-spec=${spec}`);
        await command(
          'api-gateway',
          'gateways',
          'create',
          'bench',
          '--api=bench',
          '--api-config=c1',
          '--location=us-central1',
        );
        const service = (
          await command('api-gateway', 'apis', 'describe', 'bench', '--format=value(managedService)')
        ).trim();
        await command('services', 'enable', service);
        await command(
          'services',
          'api-keys',
          'create',
          '--display-name=bench',
          `--api-target=service=${service}`,
        );
      },
      async gcloudDescribe() {
        await command('api-gateway', 'gateways', 'describe', 'bench', '--location=us-central1');
        await command('api-gateway', 'api-configs', 'describe', 'c1', '--api=bench');
        await command('services', 'api-keys', 'list');
      },
    });
  } finally {
    await cloud.close();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function show(times: Sample): string {
  const [low, high] = [Math.min(...times), Math.max(...times)];
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
  return times.length === 1
    ? `${seconds(median(times))} s`
    : `${seconds(median(times))} s (${seconds(low)}–${seconds(high)})`;
}
