import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readEnv } from './env.ts';

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'gangway-env-file-'));
});
afterAll(() => rmSync(workspace, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function read(name: string, text: string, given = '') {
  writeFileSync(join(workspace, name), text);
  vi.stubEnv('GITHUB_WORKSPACE', workspace);
  vi.stubEnv('INPUT_ENV_VARS_FILE', name);
  vi.stubEnv('INPUT_ENV_VARS', given);
  return readEnv();
}

/** The cases of tests/kv.test.ts in google-github-actions/actions-utils v1.0.1 for files, and a few more. */
describe('a file of variables', () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ['env.json', '{"FOO": "bar", "ZIP": "zap"}', { FOO: 'bar', ZIP: 'zap' }],
    ['env', '{"FOO": "bar  ", "ZIP" : "  zap"}', { FOO: 'bar  ', ZIP: '  zap' }],
    ['env', 'FOO=bar\nZIP=zap', { FOO: 'bar', ZIP: 'zap' }],
    ['env', 'FOO=zap,ZIP=zap', { FOO: 'zap', ZIP: 'zap' }],
    ['env.yaml', "FOO: 'bar'\nZIP: 'zap'", { FOO: 'bar', ZIP: 'zap' }],
    ['env', "\n  FOO: 'bar  '\n  ZIP : '  zap'\n", { FOO: 'bar', ZIP: 'zap' }],
    ['env', '{}', {}],
    ['env', '', undefined],
    ['.env', '# of the shop\n\nA=1\n', { A: '1' }],
    ['env.yml', '# of the shop\nURL: "https://a/?b=c"\n', { URL: 'https://a/?b=c' }],
  ])('%s: %j', (name, text, expected) => expect(read(name, text)).toEqual(expected));

  it.each<[string, string, Record<string, string>]>([
    ['', '{}', {}],
    ['{}', '{}', {}],
    ['FOO=bar', '{}', { FOO: 'bar' }],
    ['FOO=bar', 'FOO=zap,ZIP=zap', { FOO: 'bar', ZIP: 'zap' }],
  ])('goes with env_vars: %j, %j', (given, text, expected) =>
    expect(read('env', text, given)).toEqual(expected),
  );

  it('is all there is beside {} with overwrite, and refused beside {} without', () => {
    expect(() => read('env', 'FOO=bar', '{}')).toThrow('Input "env_vars" is not valid: "{}".');
    vi.stubEnv('INPUT_ENV_VARS_UPDATE_STRATEGY', 'overwrite');
    expect(read('env', 'FOO=bar', '{}')).toEqual({ FOO: 'bar' });
  });

  it.each([
    ['env.json', '{"FOO": {"BAR": "baz"}}', 'the value of "FOO" is no text'],
    ['env.yaml', 'A: "x"\nB: 010', 'the value of "B" is no text'],
    ['env.yaml', 'A: [', 'is no YAML, JSON or NAME=VALUE'],
    ['env.yaml', '- A', 'it holds no object'],
    ['env', 'A=1\nB', 'Input "env_vars_file" is not valid: line 2 is not NAME=VALUE.'],
    ['env', 'PORT=80', 'Input "env_vars_file" is not valid: "PORT".'],
    ['env', '1A=b', 'Input "env_vars_file" is not valid: "1A".'],
  ])('%s: refuses %j', (name, text, message) => expect(() => read(name, text)).toThrow(message));

  it('is missed by name', () => {
    vi.stubEnv('GITHUB_WORKSPACE', workspace);
    vi.stubEnv('INPUT_ENV_VARS_FILE', 'nowhere.env');
    expect(readEnv).toThrow('Input "env_vars_file" is not valid: "nowhere.env" can\'t be read');
  });
});
