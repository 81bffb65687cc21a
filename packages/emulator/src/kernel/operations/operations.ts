import { randomBytes } from 'node:crypto';
import { type Clock, timestamp } from '../clock.ts';
import { ApiError } from '../errors.ts';

export interface Operation {
  name: string;
  metadata?: Record<string, unknown>;
  done: boolean;
  response?: Record<string, unknown>;
  error?: ApiError['rpcStatus'];
}

export interface OperationRequest {
  /** Full resource name of the operation, e.g. from {@link operationName}. */
  name: string;
  metadata?: Record<string, unknown>;
  /** What one must hold to ask after it, e.g. `run.operations.get`; without it one need only be somebody. */
  permission?: string;
  /** What the operation does once its time has passed; its result is the response, its ApiError the error. */
  work: () => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Runs at once, before the time passes; its failure is the operation's. Slow real work belongs here. */
  start?: () => Promise<void>;
}

/** The long-running operations of a service (https://google.aip.dev/151). */
export class Operations {
  readonly #all = new Map<string, Operation>();
  readonly #permissions = new Map<string, string>();
  readonly #clock: Clock;
  readonly #duration: number;
  #failure: ApiError | undefined;

  /** @param duration milliseconds from an operation's start to its end */
  constructor(clock: Clock, duration: number) {
    this.#clock = clock;
    this.#duration = duration;
  }

  /** Starts an operation and returns it as it is now: not done. */
  start(request: OperationRequest): Operation {
    const operation: Operation = {
      name: request.name,
      ...(request.metadata && { metadata: request.metadata }),
      done: false,
    };
    this.#all.set(operation.name, operation);
    if (request.permission) this.#permissions.set(operation.name, request.permission);
    const failure = this.takeFailure();
    const fail = () => Promise.reject(failure);
    void this.#run(operation, failure ? { ...request, work: fail } : request);
    return structuredClone(operation);
  }

  /** Makes the next operation that is started fail when its time has passed, its work not done. */
  failNext(error: ApiError): void {
    this.#failure = error;
  }

  /** What the next operation is to fail with, for who must know when it is started; used up by being taken. */
  takeFailure(): ApiError | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  has(name: string): boolean {
    return this.#all.has(name);
  }

  get(name: string): Operation {
    const operation = this.#all.get(name);
    if (!operation) throw new ApiError('NOT_FOUND', `Operation '${name}' was not found`);
    return structuredClone(operation);
  }

  /** What one must hold to ask after an operation, if anything. */
  permissionFor(name: string): string | undefined {
    return this.#permissions.get(name);
  }

  list(prefix: string): Operation[] {
    return [...this.#all.values()].filter((operation) => operation.name.startsWith(prefix));
  }

  /** Ends a running operation as cancelled; its work is then not done. One that has ended stays as it is. */
  cancel(name: string): void {
    this.get(name);
    const operation = this.#all.get(name);
    if (!operation || operation.done) return;
    if (isOfOperation(operation.metadata)) operation.metadata.requestedCancellation = true;
    this.#finish(operation, { error: new ApiError('CANCELLED', 'The operation was cancelled.').rpcStatus });
  }

  async #run(operation: Operation, { start, work }: OperationRequest): Promise<void> {
    try {
      await Promise.all([start?.(), this.#clock.wait(this.#duration)]);
      if (operation.done) return;
      this.#finish(operation, { response: await work() });
    } catch (error) {
      this.#finish(operation, { error: toRpcStatus(error) });
    }
  }

  /** What of them outlives the process. */
  save(): unknown {
    return [...this.#all.values()].map((operation) => ({
      operation,
      permission: this.#permissions.get(operation.name),
    }));
  }

  /** Puts back what {@link save} gave. What was under way has failed: nobody carries it on. */
  restore(saved: unknown): void {
    for (const { operation, permission } of saved as { operation: Operation; permission?: string }[]) {
      this.#all.set(operation.name, operation);
      if (permission) this.#permissions.set(operation.name, permission);
      const stopped = new ApiError('ABORTED', 'The local cloud was stopped while this was under way.');
      this.#finish(operation, { error: stopped.rpcStatus });
    }
  }

  #finish(operation: Operation, outcome: Pick<Operation, 'response' | 'error'>): void {
    if (operation.done) return;
    if (isOfOperation(operation.metadata)) operation.metadata.endTime = timestamp(this.#clock.now());
    Object.assign(operation, outcome, { done: true });
  }
}

/**
 * Whether metadata say of the operation itself when it began and ended. Those of Cloud Run are the resource, and Artifact Registry's are empty:
 * Google's clients refuse a field that their message has not.
 */
function isOfOperation(metadata: Operation['metadata']): metadata is Record<string, unknown> {
  const says = metadata !== undefined && ('createTime' in metadata || 'requestedCancellation' in metadata);
  return says && !isResource(metadata);
}

function isResource({ '@type': type }: Record<string, unknown>): boolean {
  return typeof type === 'string' && !type.endsWith('OperationMetadata');
}

/** A name as API Gateway and Artifact Registry make them: `PARENT/operations/operation-MILLIS-HEX`. */
export function operationName(parent: string, now: number): string {
  return `${parent}/operations/operation-${now}-${randomBytes(7).toString('hex').slice(0, 13)}`;
}

function toRpcStatus(error: unknown): ApiError['rpcStatus'] {
  const known = error instanceof ApiError ? error : new ApiError('INTERNAL', String(error));
  return known.rpcStatus;
}
