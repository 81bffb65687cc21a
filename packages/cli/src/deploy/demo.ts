import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseImage, startEngine } from '@gangway/engine';
import { Command } from 'commander';
import { stopAt } from '../cloud/down.ts';
import { placeOf } from '../cloud/process/place.ts';
import { Misuse } from '../misuse.ts';
import { suiteFolder } from '../run/suite.ts';
import type { End } from '../status.ts';

/** `gangway demo`. */
export function demoCommand(end: End): Command {
  return new Command('demo')
    .description('Deploy an example, a FastAPI service, to a local cloud: from a folder to a URL with a key.')
    .option('-v, --verbose', 'print everything that steps print')
    .addHelpText('after', '\nExample:\n  gangway demo')
    .action(async ({ verbose }: { verbose?: true }) => {
      const parent = mkdtempSync(join(tmpdir(), 'gangway-demo-'));
      const folder = join(parent, 'demand-forecast');
      let engineStop = async () => {};
      try {
        cpSync(join(suiteFolder(), 'examples/fastapi-on-cloud-run'), folder, { recursive: true });
        const say = { onProgress: (line: string) => console.error(line), install: false };
        const engine = await startEngine(say).catch((error: Error) => {
          throw new Misuse(error.message);
        });
        engineStop = engine.stop;
        const dockerfile = join(folder, 'Dockerfile');
        const text = readFileSync(dockerfile, 'utf8');
        writeFileSync(dockerfile, text.replace(/^ARG BASE=.*$/m, `ARG BASE=${await baseImage(engine, say)}`));
        const flags = { region: 'us-central1', repository: 'apis', port: 0, ...(verbose && { verbose }) };
        const { deploy } = await import('../on-demand.ts');
        end(await deploy(folder, flags));
      } finally {
        await stopAt(placeOf(folder)).catch(() => undefined);
        await engineStop();
        rmSync(parent, { recursive: true, force: true });
      }
    });
}
