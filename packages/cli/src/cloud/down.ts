import { rmSync } from 'node:fs';
import { terminate } from '@gangway/engine';
import { Command } from 'commander';
import type { End } from '../status.ts';
import { order } from './process/control.ts';
import { findRunning, type Place, recordOf, removeRecord, untilGone } from './process/place.ts';

/** `gangway down`. */
export function downCommand(end: End): Command {
  return new Command('down')
    .description('Stop the local cloud of this folder, and everything that runs in it.')
    .addHelpText('after', '\nExample:\n  gangway down')
    .action(async () => {
      const found = findRunning(process.cwd());
      if (!found) console.log(`No local cloud runs for ${process.cwd()}.`);
      else {
        await stopAt(found.place);
        rmSync(found.place.state, { recursive: true, force: true });
        console.log(`The local cloud of ${found.place.folder} has stopped.`);
      }
      end(0);
    });
}

/** Stops the local cloud of a place, and waits until it is gone. @throws Misuse when it stays */
export async function stopAt(place: Place): Promise<void> {
  const running = recordOf(place);
  if (!running) return;
  // One that took the order may be gone before it could answer.
  await order(place, 'stop', {}).catch(() => terminate(running.pid));
  await untilGone(place);
  removeRecord(place);
}
