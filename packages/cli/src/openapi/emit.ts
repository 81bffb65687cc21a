import { type FailOn, fails, toYaml } from '@gangway/openapi';
import { Command } from 'commander';
import type { Status } from '../status.ts';
import { convert, refuseMissing } from './convert.ts';
import { failOnOption } from './fail-on-option.ts';
import { type EmissionFlags, emissionOptions, readEmission } from './options.ts';
import { writeOutput } from './output.ts';
import { diagnosticLines, printDiagnostics } from './print.ts';

interface Flags extends EmissionFlags {
  readonly output?: string;
  readonly yaml?: true;
  readonly json?: true;
  readonly notes?: true;
  readonly failOn: FailOn;
}

/** `gangway openapi emit FILE`. */
export function emitCommand(end: (status: Status) => void): Command {
  const command = new Command('emit')
    .description('Convert a document to what API Gateway accepts. Diagnostics go to standard error.')
    .argument('<file>', 'OpenAPI document; - is standard input');
  return emissionOptions(command)
    .option(
      '-o, --output <file>',
      'where the document goes; .yaml and .yml make it YAML (default: standard output)',
    )
    .option('--yaml', 'write YAML, whatever the output is called')
    .option('--json', 'diagnostics as one JSON object per line')
    .option('--notes', 'print every note, not one of each kind')
    .addOption(failOnOption())
    .helpOption('-h, --help', 'Print this help')
    .addHelpText(
      'after',
      `
Examples:
  gangway openapi emit openapi.yaml --backend https://app-abc.a.run.app > openapi.json
  gangway openapi emit openapi.yaml --dialect swagger2 --output build/swagger.yaml
  gangway openapi emit openapi.yaml --wildcard '/files/{file_path}' --expose '!tag:internal'`,
    )
    .action((file: string, flags: Flags) => end(write(file, flags)));
}

function write(file: string, flags: Flags): Status {
  const conversion = { options: readEmission(flags), workspace: flags.workspace };
  refuseMissing([file], conversion);
  const emitted = convert(file, conversion);
  if (flags.json === true) process.stderr.write(diagnosticLines(emitted.diagnostics));
  else printDiagnostics(emitted.diagnostics, flags.notes === true);
  if (emitted.document === undefined) return 1;
  const yaml = flags.yaml === true || /\.ya?ml$/i.test(flags.output ?? '');
  writeOutput(flags.output, yaml ? toYaml(emitted.document) : emitted.text);
  return fails([emitted], flags.failOn) ? 1 : 0;
}
