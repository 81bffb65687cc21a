import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { readPort } from '../cloud/options.ts';
import type { End } from '../status.ts';
import { type Check, checks } from './checks.ts';

/** `gangway doctor`. */
export function doctorCommand(end: End): Command {
  return new Command('doctor')
    .description('Check whether this machine has what gangway needs, and how to fix what is missing.')
    .addOption(new Option('-p, --port <port>', 'a port that you want to use').argParser(readPort).default(0))
    .option('--json', 'print it for a program')
    .addHelpText(
      'after',
      `
Exit status: 0 everything that is needed is there, 1 something is missing.

Examples:
  gangway doctor
  gangway doctor --port 8085`,
    )
    .action(async ({ port, json }: { port: number; json?: true }) => {
      const found = await checks(port);
      if (json) console.log(JSON.stringify(found, null, 2));
      else for (const check of found) print(check);
      end(found.some(({ state }) => state === 'missing') ? 1 : 0);
    });
}

const MARKS = { there: ['green', 'ok'], optional: ['yellow', '--'], missing: ['red', 'no'] } as const;

function print({ name, state, found, fix }: Check): void {
  const [color, mark] = MARKS[state];
  console.log(`${styleText(color, mark, { stream: process.stdout })}  ${name.padEnd(14)} ${found}`);
  if (fix) console.log(`    ${' '.repeat(14)} ${fix}`);
}
