import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '@gangway/runner';
import { afterAll, describe, expect, it } from 'vitest';

const workspace = mkdtempSync(join(tmpdir(), 'gangway-check-openapi-'));
afterAll(() => rmSync(workspace, { recursive: true }));

function write(name: string, paths: object): void {
  mkdirSync(join(workspace, name, '..'), { recursive: true });
  const document = { openapi: '3.0.3', info: { title: 'T', version: '1' }, paths };
  writeFileSync(join(workspace, name), JSON.stringify(document, null, 2));
}

const get = { get: { operationId: 'a', responses: { 200: { description: '' } } } };
write('services/right/openapi.json', { '/a': get });
write('services/wrong/openapi.json', { '/a/{x}.json': get });
writeFileSync(join(workspace, 'broken.yaml'), 'openapi: [');

async function check(inputs: Readonly<Record<string, string>>) {
  const step = await runAction({ action: 'check-openapi', inputs, workspace });
  const sarif = step.outputs.sarif ? JSON.parse(readFileSync(step.outputs.sarif, 'utf8')) : undefined;
  await step.post();
  rmSync(step.temp, { recursive: true });
  return { ...step, sarif };
}

describe('check-openapi', () => {
  it('lets a right document through, without a cloud and without a backend', async () => {
    const { exitCode, outputs, annotations, summary, sarif } = await check({
      spec: 'services/right/openapi.json',
    });
    expect({ exitCode, errors: outputs.errors, warnings: outputs.warnings }).toEqual({
      exitCode: 0,
      errors: '0',
      warnings: '1',
    });
    expect(annotations.map(({ properties }) => properties.title)).toEqual(['backend-missing']);
    expect(summary).toContain('| `services/right/openapi.json` | 1 | Google');
    expect(sarif.runs[0].results).toHaveLength(annotations.length);
  });

  it('annotates each of several documents at its line, fails, and has written all the same', async () => {
    const step = await check({ spec: 'services/*/openapi.json', backend: 'https://app.example' });
    expect(step.exitCode).toBe(1);
    expect(step.annotations[0]).toMatchObject({
      properties: { title: 'partial-segment', file: 'services/wrong/openapi.json', line: '8' },
      message: expect.stringContaining('To fix it: Make the variable a whole segment'),
    });
    expect(step.outputs).toMatchObject({ errors: '1', warnings: '1' });
    const [first] = step.sarif.runs[0].results;
    expect(first).toMatchObject({ ruleId: 'partial-segment', level: 'error' });
    expect(first.locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'services/wrong/openapi.json' },
      region: { startLine: 8 },
    });
    expect(step.summary).toContain('`services/wrong/openapi.json:8`');
  });

  it.each([
    [{ spec: 'services/right/openapi.json', fail_on: 'warning' }, 1],
    [{ spec: 'services/right/openapi.json', fail_on: 'warning', backend: 'https://app.example' }, 0],
    [{ spec: 'services/wrong/openapi.json', fail_on: 'never' }, 0],
    [{ spec: 'broken.yaml', fail_on: 'never' }, 1],
  ])('fails as fail_on says: %j', async (inputs, exitCode) => {
    expect((await check(inputs)).exitCode).toBe(exitCode);
  });

  it.each([
    [{ spec: 'gone.yaml' }, '"spec" is not valid: "gone.yaml"'],
    [{ spec: 'gone/*.yaml' }, 'no file matches'],
    [{ spec: 'broken.yaml', fail_on: 'breaking' }, 'write one of error, warning, never'],
    [{ spec: 'broken.yaml', project_id: 'p' }, 'needs no credentials'],
  ])('refuses %j', async (inputs, message) => {
    const { exitCode, annotations } = await check(inputs);
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toContain(message);
  });
});
