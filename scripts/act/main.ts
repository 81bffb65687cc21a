import { baseImage, type Engine, findGoTool, goTools, howToGet, startEngine } from '@gangway/engine';
import { type LocalCloud, startLocalCloud } from '../local-cloud.ts';
import { outcomeOf } from './outcome.ts';
import { type ActEvent, type ActRun, runAct } from './run-act.ts';

/*
 * `npm run act`: the example's own workflow, through the public reusable workflow, by act against the local cloud.
 */

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());
process.exit(await main());

async function main(): Promise<number> {
  const act = await findGoTool(goTools.act, console.log);
  if (!act) {
    console.error(`Needs ${howToGet(goTools.act)}.`);
    return 1;
  }
  let engine: Engine | undefined;
  let local: LocalCloud | undefined;
  try {
    engine = await startEngine({ onProgress: console.log });
    const base = await baseImage(engine, { onProgress: console.log, signal: stopped.signal });
    local = await startLocalCloud(engine, 0);
    const run = await runAct({ act, base, local, onEvent: show, signal: stopped.signal });
    await check(run);
    return 0;
  } catch (error) {
    if (stopped.signal.aborted) return 130;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await local?.close();
    await engine?.stop();
  }
}

function show({ msg, level, command, raw_output: printed }: ActEvent): void {
  const text = msg?.trimEnd() ?? '';
  // What act says of its own caches, and commands that say nothing to a person.
  if (
    text === '' ||
    level === 'debug' ||
    command === 'add-mask' ||
    /^LocalRepositoryCache|::(?:endgroup|stop-commands|[0-9a-f]{32})::/.test(text)
  )
    return;
  console.log(printed ? `    ${text}` : text.replace(/^.*::group::/, '    ▸ '));
}

/** Holds what act reported and what the gateway answers against what should be; throws when they differ. */
async function check(run: ActRun): Promise<void> {
  const { exitCode, jobResults } = run;
  if (exitCode !== 0 || jobResults.length === 0 || jobResults.some((result) => result !== 'success')) {
    throw new Error(
      `The workflow failed: act ended with ${exitCode}, its jobs with ${jobResults.join(', ') || 'nothing'}.`,
    );
  }
  const { gateway, withoutKey, withKey } = await outcomeOf(run);
  console.log(`\n${gateway} answers ${withoutKey} without a key and ${withKey} with it.`);
  if (withoutKey !== 401 || withKey !== 200) throw new Error('The gateway should answer 401 and 200.');
}
