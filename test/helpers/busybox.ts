import { randomUUID } from 'node:crypto';
import { appendFile, copyFile } from 'node:fs/promises';
import { find } from '@gangway/engine';

// needs: busybox

const OWN = randomUUID();

/**
 * Copies busybox, with bytes behind it that are this file's alone. The classic builder takes what another test built of the same
 * files out of the engine's cache, and that test may be removing it.
 */
export async function copyBusybox(to: string): Promise<void> {
  await copyFile(find('busybox')[0] ?? '', to);
  await appendFile(to, OWN);
}
