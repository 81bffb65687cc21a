// takes minutes
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Exchange } from '../judge/exchange.ts';

/** As the local cloud keeps it; Google's documents have nothing against it. */
const GOOD: Exchange = {
  host: 'serviceusage.googleapis.com',
  method: 'GET',
  path: '/v1/projects/p/services/run.googleapis.com',
  agent: 'gangway/1.0',
  type: '',
  request: '',
  isUnread: false,
  status: 200,
  answerType: 'application/json; charset=UTF-8',
  answer: JSON.stringify({ name: 'projects/1/services/run.googleapis.com', state: 'ENABLED' }),
  source: 'some.test.ts:7',
  isFault: false,
};

const root = resolve(import.meta.dirname, '../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-judged-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each<[what: string, exchange: Exchange, code: number, said: string]>([
  ['passes', GOOD, 0, '1 exchanges, 0 violations'],
  [
    'fails, where the local cloud answers what no document has',
    { ...GOOD, answer: JSON.stringify({ nope: 1 }) },
    1,
    'cloud, 1 times: unknown field: nope: 1\n    GET serviceusage.googleapis.com/v1/projects/p/services/run.googleapis.com (200) by gangway/1.0, from some.test.ts:7',
  ],
  [
    'fails, where an action asks for what there is not',
    { ...GOOD, path: `${GOOD.path}?nope=1` },
    1,
    'client, 1 times: unknown parameter: nope=1',
  ],
  [
    'passes over a body that was cut off',
    {
      ...GOOD,
      method: 'POST',
      path: `${GOOD.path}:enable`,
      status: 403,
      isUnread: true,
      answer: JSON.stringify({ error: { code: 403, message: 'No.', status: 'PERMISSION_DENIED' } }),
    },
    0,
    '1 exchanges, 0 violations',
  ],
])('a run whose tests all pass %s', async (_, exchange, code, said) => {
  const exchanges = await mkdtemp(join(folder, 'exchanges-'));
  await writeFile(join(exchanges, '1.jsonl'), `${JSON.stringify(exchange)}\n`);
  const ran = await run(['scripts/test/order.test.ts'], exchanges);
  expect(ran.output).toContain(said);
  expect(ran.output).toMatch(/[1-9]\d* passed, 0 failed/);
  expect(ran.code).toBe(code);
});

async function run(args: readonly string[], exchanges: string): Promise<{ code: number; output: string }> {
  // Of the run that this test is in, the other knows nothing.
  const others = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|GANGWAY_)/.test(name));
  const env = { ...Object.fromEntries(others), GANGWAY_EXCHANGES: exchanges };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/test/main.ts', ...args], {
      cwd: root,
      env,
    });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}
