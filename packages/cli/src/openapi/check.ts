import { type FailOn, fails, sarif } from '@gangway/openapi';
import { Command, Option } from 'commander';
import type { Status } from '../status.ts';
import { VERSION } from '../version.ts';
import { convert, refuseMissing } from './convert.ts';
import { failOnOption } from './fail-on-option.ts';
import { type EmissionFlags, emissionOptions, readEmission } from './options.ts';
import { writeOutput } from './output.ts';
import { diagnosticLines, printDiagnostics } from './print.ts';

interface Flags extends EmissionFlags {
  readonly format: 'text' | 'json' | 'sarif';
  readonly json?: true;
  readonly output?: string;
  readonly notes?: true;
  readonly failOn: FailOn;
}

/** `gangway openapi check FILE…`. */
export function checkCommand(end: (status: Status) => void): Command {
  const command = new Command('check')
    .description('Report what API Gateway would reject, drop or leave unprotected.')
    .argument('<file...>', 'OpenAPI documents; - is standard input');
  return emissionOptions(command)
    .addOption(
      new Option('--format <name>', 'text for people, json with one object per line, or SARIF 2.1.0')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'where JSON or SARIF goes (default: standard output)')
    .option('--notes', 'print every note, not one of each kind')
    .addOption(failOnOption())
    .helpOption('-h, --help', 'Print this help')
    .addHelpText(
      'after',
      `
Examples:
  gangway openapi check openapi.yaml --backend https://app-abc.a.run.app --api-key
  gangway openapi check services/*/openapi.json --fail-on warning
  gangway openapi check openapi.yaml --jwt HTTPBearer=firebase:my-project
  gangway openapi check openapi.yaml --format sarif --output results/openapi.sarif
  curl -s localhost:8000/openapi.json | gangway openapi check -`,
    )
    .action((files: readonly string[], flags: Flags) => end(check(files, flags)));
}

function check(files: readonly string[], flags: Flags): Status {
  const conversion = { options: readEmission(flags), workspace: flags.workspace };
  refuseMissing(files, conversion);
  const results = files.map((file) => convert(file, conversion));
  const diagnostics = results.flatMap((result) => result.diagnostics);
  const format = flags.json === true ? 'json' : flags.format;
  if (format === 'sarif') writeOutput(flags.output, sarif(diagnostics, VERSION));
  else if (format === 'json') writeOutput(flags.output, diagnosticLines(diagnostics));
  if (format === 'text' || flags.output !== undefined) printDiagnostics(diagnostics, flags.notes === true);
  return fails(results, flags.failOn) ? 1 : 0;
}
