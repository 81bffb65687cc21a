import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import SwaggerParser from '@apidevtools/swagger-parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { checkOpenapi3 } from './check/openapi3.ts';
import { checkSwagger2 } from './check/swagger2.ts';
import { emit } from './emit/emit.ts';
import { asObject, type JsonObject } from './json.ts';
import type { EmitOptions, JwtMapping } from './options.ts';
import { readDocument } from './read/read-document.ts';

/** Real documents, too many to keep here; the test runs where they are. */
const CORPUS =
  process.env.GANGWAY_CORPUS ?? fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const MANIFEST = `${CORPUS}/manifest.json`;

interface Entry {
  readonly file: string;
  readonly valid_input: boolean;
}

describe.skipIf(!existsSync(MANIFEST))('the corpus', () => {
  it.each(['swagger2', 'openapi3'] as const)(
    'is emitted as %s without a fault that is not declared',
    async (dialect) => {
      const entries: readonly Entry[] = JSON.parse(readFileSync(MANIFEST, 'utf8'));
      const count = { documents: 0, clean: 0, declared: 0, faulty: 0, unstable: 0 };
      const faults: string[] = [];
      const reasons: Record<string, number> = {};
      for (const entry of entries) {
        const text = readFileSync(`${CORPUS}/${entry.file}`, 'utf8');
        const read = readDocument({ path: entry.file, text });
        if (read.document === undefined) continue;
        const options = { ...wishes(read.document.root), dialect };
        const emitted = emit(read.document, options);
        const again = readDocument({ path: 'again', text: emitted.contents }).document;
        if (again === undefined || emit(again, options).contents !== emitted.contents) count.unstable += 1;
        if (!entry.valid_input) continue;
        count.documents += 1;
        const json = JSON.parse(emitted.contents);
        const violations = dialect === 'swagger2' ? checkSwagger2(json) : checkOpenapi3(json);
        const valid = await isValid(json);
        const all = [...read.diagnostics, ...emitted.diagnostics];
        const errors = new Set(all.filter(({ severity }) => severity === 'error').map(({ code }) => code));
        for (const code of errors) reasons[code] = (reasons[code] ?? 0) + 1;
        const declared = errors.size > 0;
        if (valid && violations.length === 0) count[declared ? 'declared' : 'clean'] += 1;
        else if (declared) count.declared += 1;
        else {
          count.faulty += 1;
          faults.push(`${entry.file}: ${violations[0]?.message ?? 'invalid'}`);
        }
      }
      console.info(dialect, count, reasons);
      expect(faults).toEqual([]);
      expect(count.unstable).toBe(0);
      expect(count.documents).toBeGreaterThan(250);
      // What is left are paths that no gateway can route, and security that it cannot enforce.
      expect(Object.keys(reasons).filter((code) => !IMPOSSIBLE.has(code))).toEqual([]);
    },
    180_000,
  );
});

const IMPOSSIBLE = new Set([
  'path-invalid',
  'partial-segment',
  'path-collision',
  'jwt-and-jwt',
  'api-key-or-other',
]);

/** What an operator would ask for: an issuer for every token, and the rest left to the backend. */
function wishes(root: JsonObject): Omit<EmitOptions, 'dialect'> {
  const jwt: JwtMapping[] = [];
  const passthrough: string[] = [];
  for (const [scheme, value] of Object.entries(asObject(asObject(root.components)?.securitySchemes) ?? {})) {
    const { type, scheme: http } = asObject(value) ?? {};
    const isToken = type === 'oauth2' || type === 'openIdConnect' || String(http).toLowerCase() === 'bearer';
    if (isToken) jwt.push({ scheme, issuer: 'https://issuer.example' });
    else passthrough.push(scheme);
  }
  return { backend: { address: 'https://app-abc.a.run.app' }, apiKey: true, jwt, passthrough };
}

const validator = new Validator();

async function isValid(document: JsonObject): Promise<boolean> {
  try {
    if (!(await validator.validate(structuredClone(document))).valid) return false;
  } catch {
    return false;
  }
  try {
    await SwaggerParser.validate(structuredClone(document) as never);
    return true;
  } catch (error) {
    // It knows nothing of Google's wildcards.
    return (
      error instanceof Error && /path parameter named/.test(error.message) && /=\*\*/.test(error.message)
    );
  }
}
