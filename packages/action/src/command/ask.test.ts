import { afterEach, expect, it, vi } from 'vitest';
import { ask } from './ask.ts';

afterEach(() => vi.unstubAllEnvs());

it('returns what a program says, and with what code it ends', async () => {
  const answer = await ask(process.execPath, [
    '-e',
    'console.log("out"); console.error("err"); process.exit(3)',
  ]);
  expect(answer).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
});

it('gives the program what it is told, and nothing that is private to the step', async () => {
  vi.stubEnv('INPUT_SECRETS', 'TOKEN=hunter2');
  vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'hunter2');
  const { stdout } = await ask(process.execPath, ['-p', 'JSON.stringify(process.env)'], { GREETING: 'hi' });
  expect(JSON.parse(stdout)).toMatchObject({ GREETING: 'hi' });
  expect(stdout).not.toContain('hunter2');
});

it('throws where there is no such program', async () => {
  await expect(ask('gangway-has-no-such-program', [])).rejects.toThrow();
});
