import { Argument, Command } from 'commander';
import type { End } from '../status.ts';
import { theRunning } from './find.ts';
import { readDuration } from './options.ts';
import { order } from './process/control.ts';

/** `gangway time`. */
export function timeCommand(end: End): Command {
  const show = (now: number) => console.log(new Date(now).toISOString());
  const command = new Command('time')
    .description(
      "Show the local cloud's time, or move it forward, so that tokens expire and deleted keys disappear.",
    )
    .addHelpText('after', '\nExamples:\n  gangway time\n  gangway time advance 24h')
    .action(async () => {
      show((await order(theRunning().place, 'status', {})).now);
      end(0);
    });
  return command.addCommand(
    new Command('advance')
      .description('Move its time forward. Containers keep the time of this machine.')
      .addArgument(new Argument('<duration>', 'such as 90s, 10m, 24h, 7d or 1h30m').argParser(readDuration))
      .addHelpText('after', '\nExamples:\n  gangway time advance 1h30m\n  gangway time advance 31d')
      .action(async (milliseconds: number) => {
        show((await order(theRunning().place, 'advance', { milliseconds })).now);
        end(0);
      }),
  );
}
