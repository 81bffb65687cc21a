import { describe, expect, it } from 'vitest';
import { documentName } from './document-name.ts';

describe('documentName', () => {
  it.each([
    '{"openapi":"3.1.0"}',
    '\n  {\n  "info": {}, "swagger" : "2.0" }\n',
    '\u{feff}{"openapi": "3.0.3"}',
  ])('%j is JSON', (text) => expect(documentName(text)).toBe('openapi.json'));

  it.each([
    'openapi: 3.1.0\n',
    '# made by app.py\n---\ninfo:\n  title: T\nswagger: "2.0"\n',
    '"openapi" : 3.0.0',
    'info: {}\r\nopenapi: 3.0.0\r\n',
  ])('%j is YAML', (text) => expect(documentName(text)).toBe('openapi.yaml'));

  it.each([
    '',
    'hello',
    'openapi is a word\n',
    '{"title": "openapi"}',
    'title: an openapi: document\n',
    'info:\n  openapi: 3.0.0\n',
    'INFO starting\n{"openapi":"3.1.0"}',
    '[{"openapi":"3.1.0"}',
  ])('%j is no document', (text) => expect(documentName(text)).toBeUndefined());

  it('takes no longer than the text is long', () => {
    const started = performance.now();
    expect(documentName(`${'\n'.repeat(1_000_000)}x`)).toBeUndefined();
    expect(documentName(`{${' "openapi"'.repeat(1_000_000)}`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
