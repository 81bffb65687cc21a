import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { commands } from '../gangway.ts';
import { programOf } from '../program.ts';
import { candidates } from './candidates.ts';

const program: Command = programOf(commands, () => undefined);

it.each([
  [['f'], ['fault']],
  [
    ['fault', ''],
    ['add', 'list', 'clear'],
  ],
  [['fault', 'add', 'GET /', '--sta'], ['--status']],
  [['env', '--format', 'f'], ['fish']],
  [['completion', 'z'], ['zsh']],
  [['time', 'adv'], ['advance']],
])('completes %j', (words, found) => expect(candidates(program, words)).toEqual(found));

it('shows an example for each command', () => {
  const leaves = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  const without = leaves(program).filter((command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    return !/^Examples?:$/m.test(help);
  });
  expect(without.map((command) => command.name())).toEqual(['words']);
});
