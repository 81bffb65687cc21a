import { findGoTool, goTools, howToGet } from '@gangway/engine';
import { type FlyCost, startFlyApp } from './fly-app.ts';
import { median, type Sample, sample, spread } from './sample.ts';

const ROUNDS = 9;
/** What the action may add to flyctl: seconds, and requests to Fly.io. */
const LIMIT = { wall: 1.5, requests: 15 };

type Round = Readonly<Record<'bare' | 'ours' | 'same', FlyCost>>;

/**
 * Measures the action beside the flyctl that it runs, in turns, on an app with three machines, and the action once more with the image
 * that runs by then; a table in Markdown.
 */
export async function benchFly(): Promise<string> {
  const flyctl = await findGoTool(goTools.flyctl, console.error);
  if (!flyctl) return `fly-deploy was not measured: there is no ${howToGet(goTools.flyctl)}.`;
  console.error(`${ROUNDS} rounds of fly-deploy and of flyctl deploy …`);
  await using app = await startFlyApp(flyctl);
  const rounds = await sample(ROUNDS, async () => ({
    bare: await app.bare(),
    ours: await app.action(),
    same: await app.unchanged(),
  }));
  const of = (pick: (round: Round) => number): Sample => rounds.map(pick);
  const added = {
    wall: of(({ ours }) => ours.all.wall - ours.flyctl.wall),
    cpu: of(({ ours }) => ours.all.cpu - ours.flyctl.cpu),
  };
  const count = (numbers: Sample) => `${median(numbers)}`;
  const same = of((round) => round.same.requests.flyctl.length + round.same.requests.own.length);
  const isWithin =
    [median(added.wall), median(of((round) => round.same.all.wall))].every((wall) => wall <= LIMIT.wall) &&
    [median(of(({ ours }) => ours.requests.own.length)), median(same)].every(
      (requests) => requests <= LIMIT.requests,
    );
  const whole = (unit: 'wall' | 'cpu', which: 'bare' | 'ours' | 'same') =>
    spread(of((round) => round[which].all[unit]));
  return [
    '| Redeploy of three machines | Wall | CPU | Requests to Fly.io | to the app |',
    '|---|---|---|---|---|',
    `| \`flyctl deploy\` | ${whole('wall', 'bare')} | ${whole('cpu', 'bare')} | ${count(of(({ bare }) => bare.requests.flyctl.length))} | 0 |`,
    `| fly-deploy | ${whole('wall', 'ours')} | ${whole('cpu', 'ours')} | ${count(of(({ ours }) => ours.requests.flyctl.length + ours.requests.own.length))} | ${count(of(({ ours }) => ours.answers))} |`,
    `| added by the action | ${spread(added.wall)} | ${spread(added.cpu)} | ${count(of(({ ours }) => ours.requests.own.length))} | ${count(of(({ ours }) => ours.answers))} |`,
    `| fly-deploy, the image runs already | ${whole('wall', 'same')} | ${whole('cpu', 'same')} | ${count(same)} | ${count(of((round) => round.same.answers))} |`,
    '',
    `The budget of what is added, and of an image that runs already, is ${LIMIT.wall} s and ${LIMIT.requests} requests: it is ${isWithin ? 'kept' : 'exceeded'}.`,
    '',
    ...tally(rounds.at(-1)?.ours.requests.own ?? []),
  ].join('\n');
}

function tally(requests: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(request, (counts.get(request) ?? 0) + 1);
  return [...counts].map(([request, times]) => `- ${times} × \`${request}\``);
}
