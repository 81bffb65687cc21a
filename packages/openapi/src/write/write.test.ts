import { readFileSync } from 'node:fs';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { catalogue } from '../catalogue/catalogue.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { sarif } from './sarif.ts';
import { toYaml } from './yaml.ts';

/** OASIS publishes it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json */
const SCHEMA = new URL('../../test/fixtures/sarif-schema-2.1.0.json', import.meta.url);

describe('SARIF', () => {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  const every = Object.entries(catalogue).map(
    ([code, { severity, cure }], index): Diagnostic => ({
      code,
      severity,
      message: `About ${code}.`,
      pointer: '/paths/~1a b',
      ...(index % 2 === 0 ? { hint: cure, file: 'sub/open api.yaml', line: index + 1, column: 1 } : {}),
    }),
  );

  it.each([
    ['nothing', []],
    ['one of every code', every],
    ['a rule of the importer', [{ code: 'importer-form', severity: 'error', message: 'm', pointer: '' }]],
    [
      'a file elsewhere',
      [{ code: 'syntax', severity: 'error', message: 'm', pointer: '', file: '../a.yaml' }],
    ],
  ] as const)('of %s is valid by the published schema', (_, diagnostics) => {
    const log = JSON.parse(sarif(diagnostics, '1.2.3'));
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(log.runs[0].results).toHaveLength(diagnostics.length);
  });

  it('has errors first, a line for each, and tells two findings of one place apart', () => {
    const { results, tool } = JSON.parse(sarif([...every, ...every])).runs[0];
    const levels = results.map(({ level }: { level: string }) => level);
    expect(levels).toEqual([...levels].sort((a, b) => rank(a) - rank(b)));
    const prints = results.map((one: Record<string, object>) => JSON.stringify(one.partialFingerprints));
    expect(new Set(prints).size).toBe(prints.length);
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
    }
    expect(results[0].locations[0].physicalLocation.artifactLocation).toMatchObject({
      uriBaseId: '%SRCROOT%',
    });
  });
});

const rank = (level: string) => ['error', 'warning', 'note'].indexOf(level);

describe('YAML', () => {
  it.each([
    'on',
    'NO',
    'y',
    '~',
    'null',
    '12:30',
    '0o17',
    '017',
    '1_000',
    '0x1F',
    '.inf',
    '2001-01-01',
    '1e3',
    '=',
    '- a',
    '# b',
    'a: b',
    '',
    ' a ',
    'a\nb',
    '\u0007',
    '"',
    "'",
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '{',
    '[',
    '?',
    '|',
  ])('keeps the text %j and a key of that name, for both versions', (text) => {
    const document = {
      [`k${text}`]: text,
      [text]: [text],
      200: { list: [], map: {} },
      long: 'word '.repeat(100),
    };
    const yaml = toYaml(document);
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(yaml, { version, merge: false })).toEqual(document);
  });

  it('has no aliases', () => {
    const shared = { a: [1, 2] };
    expect(toYaml({ x: shared, z: shared })).toBe('x:\n  a:\n    - 1\n    - 2\nz:\n  a:\n    - 1\n    - 2\n');
  });
});
