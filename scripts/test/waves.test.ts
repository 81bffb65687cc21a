import { expect, it } from 'vitest';
import type { NeedName } from './needs.ts';
import type { Outcome } from './preparation.ts';
import { runInWaves } from './waves.ts';

const selected = (file: string, ...needs: NeedName[]) => ({
  file,
  needs: new Set(needs),
  without: new Set<NeedName>(),
});
const OUTCOME: Outcome = { environment: { path: [], variables: {} }, missing: '', seconds: 0 };

/** Tools that come one after the other, each when it is waited for. */
function comingIn(order: readonly NeedName[]) {
  const settled = new Map<NeedName, Outcome>();
  const rest = [...order];
  const next = async () => {
    const name = rest.shift();
    if (!name) throw new Error('waits for nothing');
    settled.set(name, OUTCOME);
  };
  return { settled, next };
}

it('runs files as soon as their tools are there, those without any first', async () => {
  const waves: string[][] = [];
  const files = [
    selected('cluster', 'engine', 'kubernetes'),
    selected('plain'),
    selected('engine', 'engine'),
    selected('fly', 'flyctl'),
    selected('also plain'),
  ];
  await runInWaves(
    files,
    comingIn(['engine', 'flyctl', 'kubernetes']),
    async (ready) => void waves.push(ready.map(({ file }) => file)),
    new AbortController().signal,
  );
  expect(waves).toEqual([['plain', 'also plain'], ['engine'], ['fly'], ['cluster']]);
});

it('runs at once what has become ready during a wave', async () => {
  const waves: string[][] = [];
  const preparation = comingIn([]);
  await runInWaves(
    [selected('plain'), selected('engine', 'engine'), selected('fly', 'flyctl')],
    preparation,
    async (ready) => {
      waves.push(ready.map(({ file }) => file));
      for (const name of ['engine', 'flyctl'] as const) preparation.settled.set(name, OUTCOME);
    },
    new AbortController().signal,
  );
  expect(waves).toEqual([['plain'], ['engine', 'fly']]);
});

it('begins no wave after it was stopped', async () => {
  const stopped = new AbortController();
  const waves: string[][] = [];
  const run = async (ready: readonly { readonly file: string }[]) => {
    waves.push(ready.map(({ file }) => file));
    stopped.abort();
  };
  await runInWaves(
    [selected('plain'), selected('engine', 'engine')],
    comingIn(['engine']),
    run,
    stopped.signal,
  );
  expect(waves).toEqual([['plain']]);
});
