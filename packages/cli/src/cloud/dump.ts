import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { Misuse } from '../misuse.ts';
import type { End } from '../status.ts';
import { theRunning } from './find.ts';
import { order } from './process/control.ts';

/** `gangway dump`. */
export function dumpCommand(end: End): Command {
  return new Command('dump')
    .description('Write requests, resources and output to files, without secrets, to share them.')
    .argument('<dir>', 'folder for requests.jsonl, resources.json and output.log; created if missing')
    .addHelpText('after', '\nExample:\n  gangway dump build/local-cloud')
    .action(async (dir: string) => {
      const { place } = theRunning();
      const { requests, resources, output } = await order(place, 'snapshot', {});
      const files = {
        'requests.jsonl': requests.map((one) => `${JSON.stringify(one)}\n`).join(''),
        'resources.json': `${JSON.stringify(resources, null, 2)}\n`,
        'output.log': output.map(({ time, from, text }) => `${time} ${from} ${text}\n`).join(''),
      };
      try {
        mkdirSync(dir, { recursive: true });
        for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
      } catch (error) {
        throw new Misuse(`${dir} can't be written to: ${(error as Error).message}`);
      }
      console.log(`${Object.keys(files).join(', ')} are in ${dir}.`);
      end(0);
    });
}
