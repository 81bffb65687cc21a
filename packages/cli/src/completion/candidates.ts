import { existsSync, readdirSync } from 'node:fs';
import type { Command, Option } from 'commander';

/**
 * What may stand at the cursor.
 *
 * @param words after the program's name; the last is unfinished, and perhaps empty
 */
export function candidates(program: Command, words: readonly string[]): string[] {
  const unfinished = words.at(-1) ?? '';
  let command = program;
  let given = 0;
  let expects: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (expects) {
      expects = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = command.options.find(({ short, long }) => word === short || word === long);
      expects = option?.required ? option : undefined;
      continue;
    }
    const next = command.commands.find((one) => one.name() === word);
    if (next) command = next;
    else given += 1;
  }
  return namesAt(command, given, expects, unfinished).filter((name) => name.startsWith(unfinished));
}

function namesAt(command: Command, given: number, expects: Option | undefined, unfinished: string): string[] {
  if (expects) return [...(expects.argChoices ?? [])];
  if (unfinished.startsWith('-'))
    return [...command.options.flatMap(({ long }) => long ?? []), '--help'].sort();
  const argument = command.registeredArguments[given] ?? command.registeredArguments.at(-1);
  const isOpen = argument !== undefined && (given === 0 || argument.variadic);
  return [
    ...(given === 0
      ? command
          .createHelp()
          .visibleCommands(command)
          .map((one) => one.name())
      : []),
    ...(isOpen ? [...(argument.argChoices ?? []), ...namesFor(argument.name())] : []),
  ];
}

/** Names that are known from the folder. */
function namesFor(argument: string): string[] {
  const folder = '.github/workflows';
  if (!['workflow', 'files'].includes(argument) || !existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return argument === 'files'
    ? names.map((name) => `${folder}/${name}`)
    : names.map((name) => name.replace(/\.ya?ml$/, ''));
}
