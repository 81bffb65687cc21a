import { Argument, Command } from 'commander';
import { programOf } from '../program.ts';
import type { End } from '../status.ts';
import { candidates } from './candidates.ts';
import { SCRIPTS } from './scripts.ts';

/** `gangway completion`. @param commands all there are, to complete from */
export function completionCommand(end: End, commands: (end: End) => readonly Command[]): Command {
  const command = new Command('completion')
    .description('Print the script that completes commands, options and names in your shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      `
Examples:
  gangway completion bash >> ~/.bashrc
  gangway completion zsh > ~/.zfunc/_gangway
  gangway completion fish > ~/.config/fish/completions/gangway.fish`,
    )
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell]);
      end(0);
    });
  // What the scripts call: the words before the cursor, the last of them unfinished.
  const complete = new Command('words').argument('[words...]').action((words: readonly string[]) => {
    const program = programOf(commands, () => undefined);
    const found = candidates(program, words);
    process.stdout.write(found.map((one) => `${one}\n`).join(''));
    end(0);
  });
  complete.passThroughOptions().allowUnknownOption();
  command.enablePositionalOptions();
  return command.addCommand(complete, { hidden: true });
}
