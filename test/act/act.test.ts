import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf } from '../../scripts/act/outcome.ts';
import { type ActEvent, type ActRun, runAct } from '../../scripts/act/run-act.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';

// needs: base-image, act

const [act] = find('act');

describe.runIf(act)("the example's workflow under act", () => {
  let engine: Engine;
  let local: LocalCloud;
  let run: ActRun;
  const events: ActEvent[] = [];

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
    const base = await baseImage(engine);
    run = await runAct({ act: act ?? '', base, local, onEvent: (event) => events.push(event) });
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('succeeds', () => {
    const said = events.map(({ msg }) => msg?.trimEnd()).join('\n');
    expect(run.jobResults, said).toEqual(['success']);
    expect(run.exitCode).toBe(0);
  });

  it('deploys what answers with a key only', async () => {
    expect(await outcomeOf(run)).toMatchObject({ withoutKey: 401, withKey: 200 });
    expect(run.outputs.key?.name).toMatch(/^projects\/[^/]+\/locations\/global\/keys\/demand-forecast$/);
  });

  it('prints the key nowhere', async () => {
    const { key } = await outcomeOf(run);
    expect(key).not.toBe('');
    // How an action tells a runner what to mask; act prints it as it came.
    const printed = events.filter(({ command }) => command !== 'add-mask');
    expect(printed.filter(({ msg }) => msg?.includes(key))).toEqual([]);
  });
});
