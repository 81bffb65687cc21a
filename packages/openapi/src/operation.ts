import type { Access } from './security/protection.ts';

/** One operation of an emitted document, as a caller sees it. */
export interface Operation {
  /** Lower case. */
  readonly method: string;
  /** As emitted: no trailing slash, base path included. */
  readonly path: string;
  readonly operationId: string;
  /** `malformed` only in a document that was not emitted here, such as one read back from the service. */
  readonly security: Access | 'malformed';
  /** Names and places of what a caller must or may send, body as `body`; in a fixed order. */
  readonly parameters: readonly OperationParameter[];
  /** The address of its own backend, if it has one. */
  readonly backend?: string;
  readonly deprecated?: boolean;
}

/** A parameter of an operation. */
export interface OperationParameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
}
