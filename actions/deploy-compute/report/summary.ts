import { counted, type Fact, type Stopwatch, writeSummary } from '@gangway/action';
import { blocks, code, details, fence, link, type Markdown, table } from '@gangway/markdown';
import { diffLines } from '@gangway/settings';
import type { Outcome } from '../apply/outcome.ts';
import type { Inputs } from '../inputs.ts';
import type { Place } from '../place.ts';
import { last } from '../plan/misfits.ts';
import { addressOf } from '../wait/answering.ts';

/** Lines of changes that are shown. */
const MOST = 40;

/** Writes the step's summary: what changed, what runs where, and what stays standing around it. */
export function writeResult(
  { projectId }: Place,
  inputs: Inputs,
  outcome: Outcome,
  parts: Stopwatch['parts'],
): Promise<void> {
  const { kind, name, location } = inputs;
  const { image, previousImage, instance, template } = outcome;
  const { address } = instance ? addressOf(instance) : { address: '' };
  return writeSummary({
    title: kind === 'group' ? `Managed instance group ${name}` : `Instance ${name}`,
    lead: lead(outcome, kind),
    facts: [
      ['Image', code(image)],
      ...(previousImage && previousImage !== image ? [['Before', code(previousImage)] as const] : []),
      ...(instance && instance.name !== name ? [['Instance', code(instance.name)] as const] : []),
      ...(address ? [['Address', code(address)] as Fact] : []),
      ...(template ? [['Template', code(template)] as const] : []),
      location.path.startsWith('regions/')
        ? ['Region', location.region]
        : ['Zone', last(location.path) ?? ''],
      ['Console', link(name, consoleUrl(projectId, inputs, instance?.name ?? name))],
    ],
    details: blocks(standingTable(outcome), changeList(outcome)),
    parts,
  });
}

function lead({ change }: Outcome, kind: Inputs['kind']): string {
  const what = kind === 'group' ? 'group' : 'instance';
  const said: Readonly<Record<Outcome['change'], string>> = {
    created: `The ${what} was created and runs the image.`,
    updated: `The ${what} was updated and runs the image.`,
    restarted: `The ${what} had these settings but did not run; it was restarted and runs the image.`,
    replaced: 'A new instance took the place of the old one and runs the image.',
    none: `Nothing changed: the ${what} runs the image with these settings already.`,
    planned: 'Dry run: nothing was changed.',
  };
  return said[change];
}

/** What is there until somebody deletes it, which the step itself never does. */
function standingTable({ standing }: Outcome): Markdown | string {
  if (standing.length === 0) return '';
  return table(
    ['Stays until you delete it', 'Costs'],
    standing.map(({ what, costs }) => [code(what), costs]),
  );
}

function changeList({ changes }: Outcome): Markdown | string {
  if (changes.length === 0) return '';
  const shown = diffLines(changes);
  const more = shown.length > MOST ? [`… and ${shown.length - MOST} more`] : [];
  return details(
    counted(shown.length, 'change'),
    fence([...shown.slice(0, MOST), ...more].join('\n'), 'diff'),
  );
}

function consoleUrl(projectId: string, { kind, location: { path } }: Inputs, name: string): string {
  const page =
    kind === 'group'
      ? `instanceGroups/details/${last(path)}/${name}`
      : `instancesDetail/${path}/instances/${name}`;
  return `https://console.cloud.google.com/compute/${page}?project=${projectId}`;
}
