import { diffMarkdown, diffOperations, diffText, type FailOn, fails } from '@gangway/openapi';
import { Command, Option } from 'commander';
import type { Status } from '../status.ts';
import { convert, refuseMissing } from './convert.ts';
import { failOnOption } from './fail-on-option.ts';
import { type EmissionFlags, emissionOptions, readEmission } from './options.ts';
import { writeOutput } from './output.ts';
import { printDiagnostics } from './print.ts';

interface Flags extends EmissionFlags {
  readonly format: 'text' | 'json' | 'markdown';
  readonly json?: true;
  readonly markdown?: true;
  readonly output?: string;
  readonly notes?: true;
  readonly failOn: FailOn | 'breaking';
}

/** `gangway openapi diff BEFORE AFTER`. */
export function diffCommand(end: (status: Status) => void): Command {
  const command = new Command('diff')
    .description('Show what changes for callers between two documents, and what breaks them.')
    .argument('<before>', 'OpenAPI document')
    .argument('<after>', 'OpenAPI document; one of the two may be -, standard input');
  return emissionOptions(command)
    .addOption(
      new Option('--format <name>', 'how the difference is written')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('--markdown', 'the same as --format markdown')
    .option('-o, --output <file>', 'where the difference goes (default: standard output)')
    .option('--notes', 'print every note, not one of each kind')
    .addOption(failOnOption('breaking'))
    .helpOption('-h, --help', 'Print this help')
    .addHelpText(
      'after',
      `
--fail-on breaking ends with 1 when callers break, or a document has errors.

Examples:
  gangway openapi diff before.yaml after.yaml
  git show main:openapi.yaml | gangway openapi diff - openapi.yaml --fail-on breaking`,
    )
    .action((before: string, after: string, flags: Flags) => end(compare([before, after], flags)));
}

function compare(files: readonly [string, string], flags: Flags): Status {
  const options = readEmission(flags);
  // A difference is told in the dialect that loses least, whatever the documents are written in.
  const dialect = flags.dialect === 'auto' ? 'openapi3' : flags.dialect;
  const conversion = { options: { ...options, dialect }, workspace: flags.workspace } as const;
  refuseMissing(files, conversion);
  const [before, after] = [convert(files[0], conversion), convert(files[1], conversion)];
  printDiagnostics([...before.diagnostics, ...after.diagnostics], flags.notes === true);
  if (before.document === undefined || after.document === undefined) return 1;
  const diff = diffOperations(before.operations, after.operations);
  const format = flags.json === true ? 'json' : flags.markdown === true ? 'markdown' : flags.format;
  const text = {
    text: diffText,
    markdown: diffMarkdown,
    json: (one: typeof diff) => `${JSON.stringify(one)}\n`,
  };
  writeOutput(flags.output, text[format](diff));
  const broken = flags.failOn === 'breaking' && [...diff.removed, ...diff.changed].some(breaks);
  return broken || fails([before, after], flags.failOn === 'breaking' ? 'error' : flags.failOn) ? 1 : 0;
}

/** An operation that is gone breaks its callers. */
function breaks(change: object): boolean {
  return !('breaking' in change) || change.breaking === true;
}
