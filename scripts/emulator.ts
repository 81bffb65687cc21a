import { emulatorCommand } from '@gangway/emulator';
import { startEngine } from '@gangway/engine';

/*
 * `npm run emulator`: the local cloud, with a Docker engine for its Cloud Run services. Without one everything else
 * works all the same.
 */

process.exit(await emulatorCommand(process.argv.slice(2), findEngine));

async function findEngine() {
  try {
    return await startEngine({ onProgress: (line) => console.log(line) });
  } catch (error) {
    console.log(
      `There is no Docker engine, so Cloud Run services can't start: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}
