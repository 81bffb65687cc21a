import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { find } from '@gangway/engine';

/** What act starts steps with: the shells of `run`, and what runs actions. */
const PROGRAMS = ['bash', 'sh', 'node', 'python', 'python3', 'pwsh'];
/** Seconds that act gets to read what a failed step printed. It needs milliseconds, unless the machine is busy. */
const PATIENCE = 0.5;

/**
 * Writes a wrapper for each program that act starts steps with. If a step fails, the wrapper waits a moment before it ends.
 *
 * act reads a step's output from a terminal, and closes that terminal as soon as the step has failed. Whatever it has not read by
 * then is lost, usually the reason for the failure
 * (`exec` in https://github.com/nektos/act/blob/v0.2.87/pkg/container/host_environment.go).
 *
 * @param folder an existing folder for the wrappers
 * @param path the PATH on which to find the programs; those that are not installed get no wrapper
 * @returns the PATH to start act with
 */
export async function writeShells(folder: string, path: string): Promise<string> {
  for (const name of PROGRAMS) {
    const [program] = find(name, path);
    if (program) await writeFile(join(folder, name), shell(folder, program), { mode: 0o755 });
  }
  // An empty entry of a PATH means the current directory.
  return [folder, path].filter(Boolean).join(delimiter);
}

/** Takes the folder off the PATH, so that programs that the step itself calls need no wrapper. */
function shell(folder: string, program: string): string {
  return `#!/bin/sh
here=${quoted(folder)}
case "$PATH" in
  "$here":*) PATH=\${PATH#"$here":} ;;
  *:"$here":*) PATH=\${PATH%%:"$here":*}:\${PATH#*:"$here":} ;;
esac
${quoted(program)} "$@"
status=$?
[ $status = 0 ] || sleep ${PATIENCE}
exit $status
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
