import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeEnvironment } from './environment.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-environment-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('writes lines, and hands over by the environment what no line can hold', async () => {
  const env = { PATH: '/bin', A: 'b=c # d', EMPTY: '', TWO: 'one\ntwo', SPACE: 'x ' };
  const { file, variables } = await writeEnvironment(env, folder);
  expect(await readFile(file, 'utf8')).toBe('PATH=/bin\nA=b=c # d\nEMPTY=\nTWO\nSPACE\n');
  expect(variables).toEqual({ TWO: 'one\ntwo', SPACE: 'x ' });
});

it.each(['PATH', 'DOCKER_HOST', 'PACK_HOME', 'https_proxy'])(
  'lets no value change %s of pack itself',
  (name) => expect(writeEnvironment({ [name]: 'a\nb' }, folder)).rejects.toThrow(`"${name}"`),
);
