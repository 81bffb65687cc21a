import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, startCloud, writeEnvironmentFiles } from '@gangway/emulator';
import { find, run } from '@gangway/engine';
import { actions, type Deployer, gcloud, type Place } from './deployer.ts';
import { median, sample, spread } from './sample.ts';
import { measuringInto, type Usage, usageIn } from './usage.ts';

const SITUATIONS = { first: 'first deploy', redeploy: 'redeploy', unchanged: 'nothing changed' } as const;
type Situation = keyof typeof SITUATIONS;
const NAMES: readonly Situation[] = ['first', 'redeploy', 'unchanged'];

interface Cost extends Usage {
  /** Without those of signing in. */
  readonly requests: number;
  readonly signIns: number;
}
type Round = Readonly<Record<Situation, Cost>>;

const SIGN_IN = /idtoken|\/v1\/token|generateAccessToken/;

/** Measures the actions and gcloud in turns, each round with a new cloud; a table in Markdown. */
export async function benchDeploys(): Promise<string> {
  const theirs = find('gcloud').length > 0 ? gcloud : undefined;
  const rows: string[] = [];
  for (const { seconds, rounds } of [
    { seconds: 0, rounds: 5 },
    { seconds: 10, rounds: 3 },
  ]) {
    console.error(`${rounds} rounds with operations of ${seconds} s …`);
    const measured = await sample(rounds, () => both(seconds * 1000, theirs));
    for (const name of NAMES) {
      if (name === 'unchanged' && seconds > 0) continue;
      const [ours, other] = [0, 1].map((index) => measured.flatMap((pair) => pair[index]?.[name] ?? []));
      rows.push(
        row(`${SITUATIONS[name]}${name === 'unchanged' ? '' : `, operations of ${seconds} s`}`, ours, other),
      );
    }
  }
  return [
    '| | Wall: ours | gcloud | ratio | CPU: ours | gcloud | ratio | Requests: ours | gcloud |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `A node that does nothing takes ${spread((await sample(9, bareNode)).map(({ cpu }) => cpu))} of CPU here; a first deploy starts three (deploy-api-config, its post step, create-api-key), the others two.`,
  ].join('\n');
}

/** A round of each: one after the other where it is work that takes the time, at the same time where it is waiting. */
async function both(operationTime: number, theirs: typeof gcloud | undefined): Promise<readonly Round[]> {
  const ours = () => round(operationTime, actions);
  const others = async () => (theirs ? [await round(operationTime, theirs)] : []);
  if (operationTime === 0) return [await ours(), ...(await others())];
  const [own, other] = await Promise.all([ours(), others()]);
  return [own, ...other];
}

async function round(operationTime: number, deployer: (place: Place) => Deployer): Promise<Round> {
  const home = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
  const cloud = await startCloud({ operationTime });
  try {
    const files = join(home, 'cloud');
    await mkdir(files);
    const exports = environment(cloud, await writeEnvironmentFiles(cloud, files));
    const work = deployer({ home, exports });
    const cost = async (name: Situation): Promise<Cost> => {
      const before = cloud.requests.length;
      const file = join(home, name);
      await work[name](file);
      const made = cloud.requests.slice(before);
      const signIns = made.filter(({ path }) => SIGN_IN.test(path)).length;
      return { ...(await usageIn(file)), requests: made.length - signIns, signIns };
    };
    return {
      first: await cost('first'),
      redeploy: await cost('redeploy'),
      unchanged: await cost('unchanged'),
    };
  } finally {
    await cloud.close();
    await rm(home, { recursive: true });
  }
}

async function bareNode(): Promise<Usage> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-bench-'));
  const file = join(folder, 'usage');
  const [program, ...first] = measuringInto(file);
  await run(program, [...first, process.execPath, '-e', '0']);
  const usage = await usageIn(file);
  await rm(folder, { recursive: true });
  return usage;
}

function row(what: string, ours: readonly Cost[] = [], theirs: readonly Cost[] = []): string {
  const cells = (['wall', 'cpu'] as const).flatMap((unit) => {
    const [own, other] = [ours, theirs].map((costs) => costs.map((cost) => cost[unit]));
    if (!own || !other?.length) return [spread(own ?? []), 'not there', ''];
    return [spread(own), spread(other), `${Math.round((median(own) / median(other)) * 100)} %`];
  });
  return `| ${[what, ...cells, requests(ours), requests(theirs)].join(' | ')} |`;
}

/** `7 + 3` where three more sign in; a range where rounds differ. */
function requests(costs: readonly Cost[]): string {
  const range = (numbers: readonly number[]) => {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return low === high ? `${low}` : `${median(numbers)} (${low}–${high})`;
  };
  if (costs.length === 0) return '';
  const signIns = range(costs.map((cost) => cost.signIns));
  return `${range(costs.map((cost) => cost.requests))}${signIns === '0' ? '' : ` + ${signIns}`}`;
}
