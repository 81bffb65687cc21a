import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunOptions, runAction, type StepResult } from '@gangway/runner';

/** A step that ran, and how long it took. */
export interface Step extends StepResult, AsyncDisposable {
  readonly milliseconds: number;
}

/**
 * Runs a script as the main script of an action in a child process, and on demand the post script that actions have.
 *
 * @param script JavaScript that may use all that this package exports as `action`
 */
export async function step(script: string, options: Partial<RunOptions> = {}): Promise<Step> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-step-'));
  const index = new URL('../src/index.ts', import.meta.url).href;
  await writeFile(join(folder, 'main.mjs'), `import * as action from '${index}';\n${script}`);
  await writeFile(
    join(folder, 'post.mjs'),
    `import { removeScratch, runPost } from '${index}';\nawait runPost(removeScratch);`,
  );
  await writeFile(
    join(folder, 'action.yml'),
    'inputs: { word: { default: "" } }\nruns: { using: node24, main: main.mjs, post: post.mjs }\n',
  );
  const started = performance.now();
  const result = await runAction({ action: folder, temp: join(folder, 'temp'), ...options });
  return {
    ...result,
    milliseconds: performance.now() - started,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Raises its signal as soon as the step has printed a line that holds this text. */
export function cancelAt(text: string): Pick<RunOptions, 'signal' | 'onLine'> & { at(): number } {
  const controller = new AbortController();
  let at = Number.NaN;
  return {
    signal: controller.signal,
    onLine(line) {
      // The line that shows a command comes before what the command prints.
      if (line.startsWith('[command]') || !line.includes(text) || controller.signal.aborted) return;
      at = performance.now();
      controller.abort();
    },
    at: () => at,
  };
}
