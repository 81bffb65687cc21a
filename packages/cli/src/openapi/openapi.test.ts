import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = new URL('./main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'gangway-openapi-'));
afterAll(() => rmSync(folder, { recursive: true }));

function openapi(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'openapi', ...args], {
    encoding: 'utf8',
    input,
    cwd: folder,
  });
  return { status, stdout, stderr };
}

function write(name: string, paths: object, rest: object = {}): string {
  const document = { openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, ...rest };
  writeFileSync(join(folder, name), JSON.stringify(document, null, 2));
  return name;
}

const get = (fields: object = {}) => ({ get: { responses: { 200: { description: '' } }, ...fields } });
const BACKEND = ['--backend', 'https://app.example'];

describe('the command', () => {
  const plain = write('plain.json', { '/a': get({ operationId: 'a' }) });
  const partial = write('partial.json', { '/a/{x}.json': get({ operationId: 'a' }) });
  const token = write(
    'token.json',
    { '/a': get({ operationId: 'a', security: [{ bearer: [] }] }) },
    { components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } } },
  );

  it('emits to stdout, and is silent of what needs no word', () => {
    const { status, stdout, stderr } = openapi([
      'emit',
      plain,
      '--dialect',
      'swagger2',
      '--api-key',
      ...BACKEND,
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'Nothing to say.\n' });
    expect(JSON.parse(stdout)).toMatchObject({
      swagger: '2.0',
      paths: { '/a': { get: { security: [{}] } } },
    });
    expect(openapi(['emit', '-', '--dialect', 'swagger2', '--api-key', ...BACKEND], stdout).stdout).toBe(
      stdout,
    );
  });

  it('names the place of an error, for a person and for a program', () => {
    const { status, stdout, stderr } = openapi(['check', partial, plain, ...BACKEND]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^partial\.json:8:5: error partial-segment: .*\n {2}Make the variable/);
    const lines = openapi(['check', partial, '--json', ...BACKEND])
      .stdout.trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual({
      code: 'partial-segment',
      severity: 'error',
      message: expect.stringContaining('{x}.json'),
      hint: expect.any(String),
      pointer: '/paths/~1a~1{x}.json',
      file: 'partial.json',
      line: 8,
      column: 5,
    });
  });

  it('maps tokens, and refuses a mapping that is none', () => {
    expect(openapi(['check', token, ...BACKEND]).stderr).toContain('error jwt-not-mapped');
    expect(openapi(['check', token, '--jwt', 'bearer=firebase:demo', ...BACKEND]).status).toBe(0);
    const wrong = openapi(['check', token, '--jwt', 'bearer=okta:demo']);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('there is no preset okta');
  });

  it('refuses security that is not of its form, whatever it is asked to do', () => {
    const fields = { operationId: 'a', security: ['bearer'] };
    const wrong = write('wrong.json', { '/a': get(fields) });
    for (const args of [
      ['check', wrong],
      ['emit', wrong],
      ['diff', wrong, wrong],
      ['diff', plain, wrong],
    ]) {
      const { status, stdout, stderr } = openapi([...args, ...BACKEND]);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^wrong\.json:17:11: error security-form: .*\n.*\n {2}security:\n {4}- bearer: \[\]/,
      );
      if (args[0] === 'emit') expect(stdout).toContain('https://unmapped.invalid');
      if (args[1] === plain) expect(stdout).toContain('security: open → jwt');
    }
  });

  it('tells what changes for callers', () => {
    const { status, stdout } = openapi(['diff', plain, token, '--jwt', 'bearer=firebase:demo', ...BACKEND]);
    expect(status).toBe(0);
    expect(stdout).toBe(
      '! ~ GET /a\n    ! security: open → jwt  (/paths/~1a/get)\n1 changed; 1 breaks callers.\n',
    );
    const markdown = openapi([
      'diff',
      token,
      plain,
      '--markdown',
      '--passthrough',
      'bearer',
      ...BACKEND,
    ]).stdout;
    expect(markdown).toBe('No operation differs.\n');
    const json = openapi([
      'diff',
      plain,
      token,
      '--json',
      '--jwt',
      'bearer=firebase:demo',
      ...BACKEND,
    ]).stdout;
    expect(JSON.parse(json)).toMatchObject({ added: [], removed: [], changed: [{ breaking: true }] });
  });

  it.each([
    [[]],
    [['translate', 'plain.json']],
    [['emit']],
    [['emit', 'gone.yaml']],
    [['diff', 'plain.json']],
    [['check', 'plain.json', '--dialect', 'raml']],
    [['check', 'plain.json', '--nonsense']],
    [['check', 'plain.json', '--backend', 'app.example']],
    [['check', 'plain.json', '--deadline', '5']],
  ])('refuses %j with how to use it', (args) => {
    const { status, stdout, stderr } = openapi(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^(error|Usage): /);
  });
});
