import { counted, type Fact, type Stopwatch, writeSummary } from '@gangway/action';
import {
  blocks,
  code,
  details,
  fence,
  joined,
  link,
  type Markdown,
  md,
  table,
  url as urlOf,
} from '@gangway/markdown';
import { diffLines } from '@gangway/settings';
import { wordOf } from './api/kind.ts';
import type { Service } from './api/resources.ts';
import type { Outcome } from './deploy/outcome.ts';
import type { Inputs } from './inputs.ts';
import { idOf } from './plan/traffic/targets.ts';

/** Lines of changes that are shown. */
const MOST = 40;

/** Writes the step's summary: what changed, what runs where, and the revisions and their traffic before and after. */
export function writeResult(
  projectId: string,
  inputs: Inputs,
  outcome: Outcome,
  parts: Stopwatch['parts'],
): Promise<void> {
  const { kind, name, region, invokers } = inputs;
  const { service, image, before } = outcome;
  return writeSummary({
    title: `Cloud Run ${wordOf(kind)} ${name}`,
    lead: lead(outcome, kind),
    facts: [
      ...(service ? serviceFacts(outcome) : []),
      ...(kind === 'workerPool' ? poolFacts(outcome, inputs) : []),
      ...executionFacts(outcome),
      ['Image', code(image)],
      ['Region', region],
      ...(kind === 'workerPool'
        ? []
        : [
            [
              'Invokers',
              invokers?.length ? joined(invokers.map(code), '\n') : invokers ? 'nobody' : 'left alone',
            ] as const,
          ]),
      ['Console', link(name, consoleUrl(projectId, inputs))],
    ],
    details: blocks(service ? trafficTable(before, service) : '', changeList(outcome)),
    parts,
  });
}

function serviceFacts({ url, revision, tagUrl }: Outcome): Fact[] {
  return [
    ['URL', url ? urlOf(url) : 'none yet'],
    ['Revision', revision ? code(revision) : 'none yet'],
    ...(tagUrl ? [['Tagged', urlOf(tagUrl)] as const] : []),
  ];
}

function poolFacts({ revision }: Outcome, { pool }: Inputs): Fact[] {
  return [
    ['Revision', revision ? code(revision) : 'none yet'],
    ...(pool.instances === undefined ? [] : [['Instances', String(pool.instances)] as const]),
  ];
}

function executionFacts({ ran, execution }: Outcome): Fact[] {
  if (!ran) return [];
  const { succeededCount = 0, taskCount = 1 } = ran;
  return [
    ['Execution', md`${code(execution)}, ${succeededCount} of ${counted(taskCount, 'task')} succeeded`],
  ];
}

function lead({ change, invokersChanged, ran }: Outcome, kind: Inputs['kind']): string {
  if (change === 'validated')
    return `Dry run: nothing was changed. Google accepts the ${wordOf(kind)} as valid.`;
  const ended = ran ? ' It was run.' : '';
  if (change !== 'none') {
    const serves = kind === 'job' ? '' : '; its latest revision is ready';
    return `The ${wordOf(kind)} was ${change}${serves}.${ended}`;
  }
  if (invokersChanged) return `The ${wordOf(kind)} is up to date; the invokers were changed.${ended}`;
  return `Up to date; nothing changed.${ended}`;
}

/** What serves before and after, a revision a row. */
function trafficTable(before: Service | undefined, after: Service): Markdown | string {
  const [left, right] = [sharesOf(before), sharesOf(after)];
  const revisions = [...new Set([...left.keys(), ...right.keys()])].sort();
  const rows = revisions.map((id) => [code(id), left.get(id) ?? '–', right.get(id) ?? '–']);
  return rows.length > 0 ? table(['Revision', 'Before', 'After'], rows) : '';
}

function sharesOf(service: Service | undefined): Map<string, string> {
  const shares = new Map<string, string[]>();
  const latest = idOf(service?.latestReadyRevision);
  for (const { revision, percent = 0, tag } of service?.trafficStatuses ?? []) {
    const id = revision ?? latest;
    const said = [percent > 0 ? `${percent}%` : '', tag ? `tag ${tag}` : ''].filter(Boolean);
    shares.set(id, [...(shares.get(id) ?? []), ...said]);
  }
  return new Map([...shares].map(([id, said]) => [id, said.join(', ') || '0%']));
}

function changeList({ changes, change }: Outcome): Markdown | string {
  if (changes.length === 0 || change === 'none') return '';
  const shown = diffLines(changes);
  const more = shown.length > MOST ? [`… and ${shown.length - MOST} more`] : [];
  const text = [...shown.slice(0, MOST), ...more].join('\n');
  return details(counted(shown.length, 'change'), fence(text, 'diff'));
}

function consoleUrl(projectId: string, { kind, region, name }: Inputs): string {
  const path = {
    service: `detail/${region}/${name}/revisions`,
    job: `jobs/details/${region}/${name}/executions`,
    workerPool: `workerpools/details/${region}/${name}/observability/metrics`,
  }[kind];
  return `https://console.cloud.google.com/run/${path}?project=${projectId}`;
}
