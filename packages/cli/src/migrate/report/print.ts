import { styleText } from 'node:util';
import type { Change } from '../model/changes.ts';
import { diffOf } from './diff.ts';
import type { Outcome } from './outcome.ts';

const DOCS = 'https://github.com/gangway-dev/gangway/blob/main/docs';

/** Shows what becomes of a workflow: what changes, what is left out, what stays and what differs, each with the reason, and the faults it has. */
export function print({ path, before, migration, faults, lint }: Outcome, isDryRun: boolean): void {
  const { changes, text } = migration;
  console.log(bold(path));
  section(isDryRun ? 'would become' : 'became', grouped(changes, 'becomes'), 'green');
  section('left out', grouped(changes, 'left'), 'yellow');
  section('stays as it is', grouped(changes, 'stays'), 'red');
  section('different from before', grouped(changes, 'note'), 'yellow');
  section(
    text === before ? 'faults' : 'faults that stay, by the lines of the new text',
    faults.map(({ what, advice, lines }) => [`${plural(lines)}`, `${what}. ${advice}`]),
    'red',
  );
  section(
    'linters, by the lines of the new text',
    lint.map((line) => ['', line]),
    'yellow',
  );
  if (text !== before) {
    setUp(migration.actions, text);
    console.log('');
    process.stdout.write(diffOf(path, before, text, process.stdout.hasColors?.() ?? false));
  }
  console.log('');
}

/** Each with its lines; those that say the same are one. */
function grouped(changes: readonly Change[], kind: Change['kind']): [string, string][] {
  const all = new Map<string, number[]>();
  for (const change of changes) {
    if (change.kind !== kind) continue;
    const key = `${kind === 'note' ? '' : change.what}\0${change.how}`;
    all.set(key, [...(all.get(key) ?? []), change.line]);
  }
  return [...all].map(([key, lines]) => {
    const [what = '', how = ''] = key.split('\0');
    const arrow = kind === 'becomes' ? ' → ' : ': ';
    return [
      plural([...new Set(lines)]),
      what === '' ? how : how.startsWith(what) ? how : `${what}${arrow}${how}`,
    ];
  });
}

function section(
  title: string,
  rows: readonly (readonly [string, string])[],
  color: 'green' | 'yellow' | 'red',
): void {
  if (rows.length === 0) return;
  console.log(`  ${styleText(color, title, { stream: process.stdout })}`);
  for (const [lines, what] of rows) console.log(`    ${lines === '' ? '' : `${lines}: `}${what}`);
}

/** What has to be there at Google and at Fly.io. */
function setUp(actions: readonly string[], text: string): void {
  const google = actions.filter((action) => action !== 'fly-deploy');
  const rows: [string, string][] = google.map((action) => [
    '',
    `the roles of ${action}: ${DOCS}/set-up.md#${action}`,
  ]);
  if (google.length > 0 && !/workload_identity_provider/.test(text))
    rows.push(['', `better than a key: a workload identity provider: ${DOCS}/set-up.md#who-may-sign-in`]);
  if (actions.includes('fly-deploy'))
    rows.push([
      '',
      /pull_request: true/.test(text)
        ? `an organization token in the secret that api_token or FLY_API_TOKEN reads: ${DOCS}/previews-on-fly.md`
        : 'a deploy token of the app in the secret that api_token or FLY_API_TOKEN reads: fly tokens create deploy',
    ]);
  section('to set up', rows, 'yellow');
}

function plural(lines: readonly number[]): string {
  return `line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`;
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}
