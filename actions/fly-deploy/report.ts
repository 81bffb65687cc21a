import { counted, type Fact, log, type Stopwatch, setOutputs, writeSummary } from '@gangway/action';
import { groupOf, imageOf, type Machine, metadataOf } from '@gangway/fly';
import { type Content, code, url as linkTo, type Markdown, md, table } from '@gangway/markdown';
import type { Result } from './rollout/carry-out.ts';
import type { Work } from './work.ts';

/** Hands on what came of the run: outputs, the log's last line, the summary. */
export async function report(
  { app, before, staged, flyctl, watch }: Work,
  { machines, release, image, url, status, changed, rolledBack, error }: Result,
): Promise<void> {
  const ids = machines.map(({ id }) => id);
  const version = release?.version ?? '';
  setOutputs({
    url,
    name: app,
    hostname: `${app}.fly.dev`,
    release: version,
    image,
    machines: ids,
    changed,
    rolled_back: rolledBack,
  });
  const lead = rolledBack
    ? `The deploy failed; release v${version} is from before this run.`
    : error
      ? `The deploy failed; ${changed ? 'the machines are as below' : 'no machine was changed'}.`
      : changed
        ? `Release v${version} ${runsOn(machines)}.`
        : `Already up to date: release v${version} ${runsOn(machines)}; nothing was restarted.`;
  log.info(`${app}: ${lead}${url ? ` It is at ${url}.` : ''}`);
  const answers = status === undefined ? '' : `, which answers ${status}`;
  const running: Fact[] = [
    ['URL', url ? md`${linkTo(url)}${answers}` : 'none: no public service'],
    ['Release', `v${version}`],
    ['Image', code(image)],
  ];
  const secrets = [...staged.changed, ...staged.removed.map((name) => `${name} (removed)`)].join(', ');
  await writeSummary({
    title: `Fly.io app ${app}`,
    lead,
    facts: [...(release ? running : []), ['Secrets', secrets || 'unchanged'], ['flyctl', flyctl.version]],
    details: machineTable(before, machines),
    parts: parts(watch),
  });
}

/** How many machines run, and how many are there beside them. */
function runsOn(machines: readonly Machine[]): string {
  const running = machines.filter((machine) => machine.state === 'started').length;
  const others = machines.length - running;
  return `runs on ${counted(running, 'machine')}${others > 0 ? `, and ${others} ${others > 1 ? 'are' : 'is'} at rest` : ''}`;
}

/** The machines before and after. */
function machineTable(before: readonly Machine[], after: readonly Machine[]): Markdown {
  const ids = [...new Set([...before, ...after].map(({ id }) => id))].sort();
  const rows = ids.map((id) => {
    const then = before.find((machine) => machine.id === id);
    const now = after.find((machine) => machine.id === id);
    const machine = now ?? then;
    const group = machine ? groupOf(machine) : '';
    return [code(id), group, machine?.region ?? '', state(then), state(now), checks(now)];
  });
  return table(['Machine', 'Group', 'Region', 'Before', 'Now', 'Checks'], rows);
}

function state(machine: Machine | undefined): Content {
  if (!machine) return md`-`;
  const digest = machine.image_ref?.digest?.slice(7, 19) ?? imageOf(machine);
  return md`v${metadataOf(machine).fly_release_version ?? '?'} ${code(digest)} ${machine.state ?? ''}`;
}

function checks(machine: Machine | undefined): string {
  const all = machine?.checks ?? [];
  if (all.length === 0) return 'none';
  return `${all.filter(({ status }) => status === 'passing').length} of ${all.length} passing`;
}

function parts(watch: Stopwatch): Stopwatch['parts'] {
  return watch.parts.filter(({ milliseconds }) => milliseconds >= 1);
}
