import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenClient } from '@gangway/auth';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Inputs } from '../inputs.ts';
import { reachingArguments } from './build-arguments.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-arguments-'));
});
afterEach(() => rm(folder, { recursive: true }));

const GIVEN = { A: '1', B: '2', HTTP_PROXY: 'x', BUILDKIT_CONTEXT_KEEP_GIT_DIR: '1' };

/** Names of the arguments that reach the build of a Dockerfile. */
async function reaching(dockerfile: string): Promise<string[]> {
  const file = join(folder, 'Dockerfile');
  await writeFile(file, dockerfile);
  const inputs = { file, buildArgs: GIVEN, buildContexts: {}, platforms: [], target: undefined };
  const reached = await reachingArguments(inputs as unknown as Inputs, 'nowhere.invalid', {} as TokenClient);
  return Object.keys(reached).filter((name) => !name.startsWith('BUILDKIT_'));
}

it.each<[string, string, string[]]>([
  ['after FROM', 'FROM scratch\nARG A=1', ['A']],
  ['before FROM', 'ARG A\nFROM scratch', ['A']],
  ['in a stage that is not built', 'FROM scratch AS one\nARG A\nFROM scratch', ['A']],
  ['several in a line', 'FROM scratch\nARG A=1 B', ['A', 'B']],
  ['in quotes', `FROM scratch\nARG 'A'\nARG "B"=2`, ['A', 'B']],
  ['with a quoted default', `FROM scratch\nARG A="x B=y"`, ['A']],
  ['for the images on top of this one', 'FROM scratch\nONBUILD ARG A', ['A']],
  ['by a variable, which may be any', 'ARG A\nFROM scratch\nARG $A', ['A', 'B']],
  ['perhaps by a base image that can not be asked', 'FROM nowhere.invalid/base', ['A', 'B']],
  ['in what can not be read', 'FROM', ['A', 'B']],
  ['though it is a proxy', 'FROM scratch\nARG HTTP_PROXY', ['HTTP_PROXY']],
  ['nowhere', 'FROM scratch', []],
])('are those declared %s', async (_, dockerfile, expected) => {
  expect(await reaching(dockerfile)).toEqual(expected);
});
