import { readFileSync, writeFileSync } from 'node:fs';
import { diffMarkdown, diffOperations, diffText, type Emitted, emit, type Unread } from '@gangway/openapi';
import { type Arguments, readArguments, USAGE } from './arguments.ts';
import { printDiagnostics } from './print.ts';

/** Does what the command line asks for, and gives the exit status. */
export function openapiCommand(args: readonly string[]): 0 | 1 | 2 {
  const read = readArguments(args);
  if ('problem' in read) {
    console.error(`${read.problem}\n\n${USAGE}`);
    return 2;
  }
  if (read.command === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const results = read.files.map((file) => convert(file, read));
  printDiagnostics(
    results.flatMap(({ diagnostics }) => diagnostics),
    read,
  );
  const failed = results.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'));
  const text = answer(read, results);
  if (read.output !== undefined) writeFileSync(read.output, text);
  else process.stdout.write(text);
  return failed ? 1 : 0;
}

function answer(read: Arguments, results: readonly (Emitted | Unread)[]): string {
  const [first, second] = results;
  if (read.command === 'emit') return first?.text ?? '';
  if (read.command === 'check' || first?.document === undefined || second?.document === undefined) return '';
  const diff = diffOperations(first.operations, second.operations);
  if (read.json) return `${JSON.stringify(diff)}\n`;
  return read.markdown ? diffMarkdown(diff) : diffText(diff);
}

/** A difference is told in the dialect that loses least, whatever the documents are written in. */
function convert(file: string, { command, options }: Arguments): Emitted | Unread {
  const source =
    file === '-' ? { text: `${readFileSync(0, 'utf8')}\n`, file: 'stdin' } : { text: file, file };
  const dialect = command === 'diff' && options.dialect === 'auto' ? ({ dialect: 'openapi3' } as const) : {};
  return emit(source.text, { ...options, ...dialect, file: source.file });
}
