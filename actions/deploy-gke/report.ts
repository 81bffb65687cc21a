import { counted, type Fact, type Stopwatch, setOutputs, writeSummary } from '@gangway/action';
import { nameOf } from '@gangway/kubernetes';
import { blocks, code, details, fence, joined, link, type Markdown, table } from '@gangway/markdown';
import { diffLines } from '@gangway/settings';
import type { Opened } from './cluster/open.ts';
import type { Outcome } from './deploy/deploy.ts';
import type { Inputs } from './inputs.ts';

interface Report {
  readonly inputs: Inputs;
  readonly opened: Opened;
  readonly outcome: Outcome;
  /** That were put in place. */
  readonly images: readonly string[];
  readonly parts: Stopwatch['parts'];
}

/** Lines of changes that are shown. */
const MOST = 60;

/** Sets the outputs, and writes the step's summary. */
export async function report({ inputs, opened, outcome, images, parts }: Report): Promise<void> {
  const { applied, pruned, items, revision } = outcome;
  const changed = !inputs.dryRun && applied.length + pruned.length > 0;
  setOutputs({
    changed,
    applied,
    pruned,
    images,
    endpoint: opened.api.server,
    revision: String(revision ?? ''),
  });
  const { name, location } = inputs.cluster;
  const facts: Fact[] = [
    ['Cluster', link(name, consoleUrl(opened.projectId, inputs.cluster))],
    ['Location', location],
    ['Namespace', code(inputs.namespace)],
    ...(revision === undefined ? [] : [['Revision', String(revision)] as const]),
    ...(images.length > 0 ? [['Images', joined(images.map(code), '\n')] as const] : []),
  ];
  const rows = items.map(({ wanted, change }) => [
    code(nameOf(wanted)),
    wanted.metadata.namespace ?? '–',
    change,
  ]);
  await writeSummary({
    title: `GKE cluster ${name}`,
    lead: lead(inputs, outcome),
    facts,
    details: blocks(table(['Object', 'Namespace', ''], rows), changeList(outcome)),
    parts,
  });
}

function lead({ dryRun }: Inputs, { applied, pruned, items }: Outcome): string {
  const all = counted(items.length, 'object');
  if (applied.length + pruned.length === 0) return `Nothing needed to change; ${all} compared.`;
  const deleted = pruned.length > 0 ? `, ${counted(pruned.length, 'object')} deleted` : '';
  if (dryRun)
    return `Dry run: nothing was changed. Of ${all}, ${applied.length} would be applied${deleted.replace('deleted', 'would be deleted')}.`;
  return `Of ${all}, ${applied.length} applied${deleted}.`;
}

function changeList({ items }: Outcome): Markdown | string {
  const lines = items
    .filter(({ change }) => change === 'changed')
    .flatMap(({ wanted, changes }) => [`# ${nameOf(wanted)}`, ...diffLines(changes)]);
  if (lines.length === 0) return '';
  const more = lines.length > MOST ? [`… and ${lines.length - MOST} more`] : [];
  return details('Changes', fence([...lines.slice(0, MOST), ...more].join('\n'), 'diff'));
}

function consoleUrl(project: string, { location, name }: Inputs['cluster']): string {
  return `https://console.cloud.google.com/kubernetes/clusters/details/${location}/${name}/details?project=${project}`;
}
