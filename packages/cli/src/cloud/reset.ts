import { Command } from 'commander';
import type { End } from '../status.ts';
import { order } from './control.ts';
import { theRunning } from './find.ts';

/** `gangway reset`. */
export function resetCommand(end: End): Command {
  return new Command('reset')
    .description('Put the local cloud back to how it started, at the same address, in about a second.')
    .addHelpText(
      'after',
      `
Everything that was deployed goes, and what --seed named is made again. Tokens change: read the variables again.

Example:
  gangway reset && eval "$(gangway env)"`,
    )
    .action(async () => {
      const { place } = theRunning();
      const { origin } = await order(place, 'reset', {});
      console.log(
        `The local cloud at ${origin} is as it started. Its tokens have changed: eval "$(gangway env)"`,
      );
      end(0);
    });
}
