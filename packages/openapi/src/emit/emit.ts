import { catalogue } from '../catalogue/catalogue.ts';
import { checkEmitted } from '../check/check.ts';
import { collector, type Diagnostic, type Finding } from '../diagnostic.ts';
import { checkForm } from '../form/form.ts';
import type { JsonObject } from '../json.ts';
import { type ApiDocument, diagnose } from '../model/document.ts';
import { planOf } from '../model/plan.ts';
import type { Operation } from '../operation.ts';
import { operationsIn } from '../operations-of.ts';
import type { Dialect, EmitOptions } from '../options.ts';
import { type Place, ROOT } from '../place.ts';
import { upgrade } from '../upgrade/upgrade.ts';
import { writeOpenapi3 } from './openapi3/document.ts';
import { writeSwagger2 } from './swagger2/document.ts';

/** A document as API Gateway takes it. */
export interface Emitted {
  readonly dialect: Dialect;
  /** The file name to give it to Google under. */
  readonly path: 'openapi.json' | 'swagger.json';
  readonly document: JsonObject;
  /** JSON; the same input and options give the same bytes. */
  readonly text: string;
  /** The text, as a file of Google's API calls it. */
  readonly contents: string;
  readonly operations: readonly Operation[];
  /** With an error among them the document must not be deployed. */
  readonly diagnostics: readonly Diagnostic[];
}

/** API Gateway's limit: https://cloud.google.com/api-gateway/docs/quotas */
const MAX_BYTES = 10 * 1024 * 1024;
const PRETTY_CHARACTERS = 2 * 1024 * 1024;

/**
 * Converts a document to a dialect of API Gateway, with the backend, the security and the routes asked for. Never
 * throws for what stands in the document; emitting an emitted document with the same options changes nothing.
 */
export function emit(document: ApiDocument, options: EmitOptions): Emitted {
  const { report, findings } = collector();
  const dialect =
    options.dialect === 'auto' ? (document.version === '2.0' ? 'swagger2' : 'openapi3') : options.dialect;
  const wishes = { ...options, dialect };
  const form = checkForm(document);
  let root: JsonObject;
  let placed: readonly Finding[] = findings;
  if (dialect === 'swagger2') {
    root = writeSwagger2(planOf(document, form.doubts, wishes, report), report);
  } else {
    const { document: upgraded, originOf } = upgrade(document, report);
    const doubts = (place: Place): boolean => form.doubts(originOf(place));
    root = writeOpenapi3(planOf(upgraded, doubts, wishes, report), report);
    placed = findings.map((finding) => ({ ...finding, place: originOf(finding.place) }));
  }
  placed = [...form.findings, ...placed];
  const contents = serialise(root);
  if (Buffer.byteLength(contents) > MAX_BYTES) {
    const message = `The emitted document has ${Buffer.byteLength(contents)} bytes, API Gateway takes ${MAX_BYTES}.`;
    const { cure } = catalogue['document-too-large'];
    placed = [...placed, { code: 'document-too-large', place: ROOT, message, hint: cure }];
  }
  const diagnostics = diagnose(document.files, placed);
  return {
    dialect,
    path: dialect === 'swagger2' ? 'swagger.json' : 'openapi.json',
    document: root,
    text: contents,
    contents,
    operations: operationsIn(root),
    diagnostics: [...diagnostics, ...refusals(root, dialect, diagnostics)],
  };
}

/**
 * What Google's importer would refuse of the emitted document, by code that did not emit it. Where errors were found it is
 * not deployed anyway; and what a warning says once is not said of every operation.
 */
function refusals(root: JsonObject, dialect: Dialect, found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (found.some(({ severity }) => severity === 'error')) return [];
  const said = new Set(found.flatMap(({ code }) => SAID[code] ?? []));
  return checkEmitted(root, dialect)
    .filter(({ rule }) => !said.has(rule))
    .map(({ rule, message, pointer }) => ({
      code: `importer-${rule}`,
      severity: 'error',
      message: `API Gateway would reject the emitted document: ${message}`,
      hint: 'This is a bug in the conversion. Please report it with the document.',
      pointer,
    }));
}

/** Rules that a warning speaks of already, at its line. */
const SAID: Readonly<Record<string, string>> = {
  'backend-missing': 'no-backend',
  'backend-placeholder': 'backend',
};

function serialise(root: JsonObject): string {
  const compact = JSON.stringify(root);
  return `${compact.length > PRETTY_CHARACTERS ? compact : JSON.stringify(root, null, 2)}\n`;
}
