import type { CompiledService } from './compiled.ts';
import { type Diagnostic, Diagnostics, importError } from './diagnostics.ts';
import { type RootDocument, readDocuments, type SourceFile } from './documents.ts';
import { compileOpenapi3 } from './openapi3.ts';
import { OperationNames } from './operations/names.ts';
import { HttpRules } from './operations/paths.ts';
import { compileSwagger2 } from './swagger2.ts';

export interface Imported {
  readonly service: CompiledService;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Turns the OpenAPI files of an API config into what a gateway does, or refuses them as Google's importer
 * does (https://github.com/googleapis/api-compiler).
 * @throws ApiError INVALID_ARGUMENT `Cannot convert to service config.` with every error and warning
 */
export function importOpenapi(files: readonly SourceFile[]): Imported {
  const roots = readDocuments(files);
  const diagnostics = new Diagnostics();
  const context = { diagnostics, names: new OperationNames(diagnostics), rules: new HttpRules(diagnostics) };
  checkHosts(roots);
  const services = roots.map((root) =>
    root.version === '2.0' ? compileSwagger2(root, context) : compileOpenapi3(root, context),
  );
  diagnostics.assertNoErrors();
  return { service: merge(services), warnings: diagnostics.warnings };
}

function checkHosts(roots: readonly RootDocument[]): void {
  const hosts = new Set(roots.map(({ content }) => content.host ?? ''));
  if (hosts.size > 1) throw importError("Different 'host' values cannot be set in multiple OpenAPI files.");
}

function merge(services: readonly CompiledService[]): CompiledService {
  return {
    title: services[0]?.title ?? '',
    allowCors: services.some(({ allowCors }) => allowCors),
    operations: services.flatMap(({ operations }) => operations),
  };
}
