import { Misuse } from '../misuse.ts';
import { findRunning, type Place, type Running } from './process/place.ts';

/** The local cloud of this folder or of the nearest one above it. @throws Misuse when none runs */
export function theRunning(): { place: Place; running: Running } {
  const found = findRunning(process.cwd());
  if (found && !found.running.stopping) return found;
  throw new Misuse(
    `No local cloud runs for ${process.cwd()} or a folder above it. Start one with gangway up --detach.`,
  );
}
