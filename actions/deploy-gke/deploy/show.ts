import { log } from '@gangway/action';
import { nameOf } from '@gangway/kubernetes';
import { diffLines } from '@gangway/settings';
import type { Item } from '../plan/item.ts';

/** Tells the log what changes. @param left a line for each object that is deleted */
export function show(items: readonly Item[], left: readonly string[]): void {
  for (const { wanted, where, change, changes, checked } of items) {
    if (change === 'unchanged') continue;
    log.info(`${nameOf(wanted)} (${where}) ${change === 'created' ? 'is new' : 'changes'}:`);
    // A new object is its manifest.
    if (change === 'changed')
      log.output(
        `${diffLines(changes)
          .map((line) => `  ${line}`)
          .join('\n')}\n`,
      );
    if (!checked) log.info('The server can only check it once its namespace or kind exists.');
  }
  for (const line of left) log.info(line);
}
