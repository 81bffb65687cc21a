import type { JsonObject } from '../json.ts';
import type { Dialect } from '../options.ts';
import { checkOpenapi3 } from './openapi3.ts';
import { checkSwagger2 } from './swagger2.ts';
import type { Violation } from './violation.ts';

/** Checks an emitted document by the rules of Google's importer for its dialect. */
export function checkEmitted(root: JsonObject, dialect: Dialect): readonly Violation[] {
  return dialect === 'swagger2' ? checkSwagger2(root) : checkOpenapi3(root);
}
