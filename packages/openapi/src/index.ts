export { type Code, catalogue, type Severity } from './catalogue/catalogue.ts';
export { catalogueTable } from './catalogue/table.ts';
export { checkOpenapi3 } from './check/openapi3.ts';
export { checkSwagger2, type Violation } from './check/swagger2.ts';
export type { Diagnostic } from './diagnostic.ts';
export type { Change } from './diff/change.ts';
export { diffOperations, type OperationChange, type OperationsDiff } from './diff/diff.ts';
export { diffMarkdown, diffText } from './diff/text.ts';
export type { Emitted } from './emit/emit.ts';
export { emit, type SourceOptions, type Unread } from './emit/emit-source.ts';
export { type FailOn, fails } from './fail-on.ts';
export { type ExposureFailure, readExposure } from './model/backends/read-exposure.ts';
export type { ApiDocument } from './model/document.ts';
export { type BackendsFailure, readBackends } from './model/routes/prefixes.ts';
export type { Operation, OperationParameter } from './operation.ts';
export { operationsOf } from './operations-of.ts';
export type {
  BackendOptions,
  Dialect,
  EmitOptions,
  ExposeOptions,
  JwtMapping,
  PrefixedBackend,
} from './options.ts';
export { openDocument } from './read/open-document.ts';
export { type ReadResult, readDocument, type Source } from './read/read-document.ts';
export { type JwtMappingFailure, readJwtMapping } from './security/jwt-mapping.ts';
export type { Access } from './security/protection.ts';
export { sarif } from './write/sarif.ts';
export { toYaml } from './write/yaml.ts';
