import { Command } from 'commander';
import type { End } from '../status.ts';
import { theRunning } from './find.ts';
import { order } from './process/control.ts';

/** `gangway reset`. */
export function resetCommand(end: End): Command {
  return new Command('reset')
    .description('Reset the local cloud to its initial state, at the same address.')
    .addHelpText(
      'after',
      `
Everything that was deployed is deleted, and what --seed names is created again. Tokens change, so load the variables again.

Example:
  gangway reset && eval "$(gangway env)"`,
    )
    .action(async () => {
      const { place } = theRunning();
      const { origin } = await order(place, 'reset', {});
      console.log(`The local cloud at ${origin} was reset. Its tokens have changed: eval "$(gangway env)"`);
      end(0);
    });
}
