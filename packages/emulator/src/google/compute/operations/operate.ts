import { randomBytes } from 'node:crypto';
import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { ComputeError, notReady } from '../errors.ts';
import type { OperationRecord } from './record.ts';
import { remember } from './repeated.ts';
import { shownOperation } from './shown.ts';

/** What an operation does. */
export interface Work {
  /** e.g. `insert`, `setMetadata` */
  readonly type: string;
  /** The path within the project of what it is done with. */
  readonly target: string;
  readonly targetId: string | undefined;
  /** Whether nothing else may be done with it meanwhile; default true. */
  readonly isAlone?: boolean;
  /** Done at once; a failure is the operation's. */
  readonly start?: () => Promise<void>;
  /** Done once the operation's time has passed. */
  readonly work: () => void | Promise<void>;
  /** Takes back what was done before, where it fails. */
  readonly undo?: () => void;
}

/**
 * Begins an operation, and answers with it.
 *
 * @throws ComputeError while another operation changes the same resource
 */
export function operate(call: Call, cloud: Context, work: Work): Reply {
  const path = begin(cloud, work, call.principal?.email ?? call.principal?.member ?? '');
  remember(call, cloud, path);
  return { body: shownOperation(cloud, path) };
}

/** Begins an operation. @returns its path within the project */
export function begin(cloud: Context, work: Work, user: string): string {
  const { compute, clock, operations } = cloud;
  const { type, target, targetId, isAlone = true } = work;
  if (isAlone && compute.busy.has(target)) throw notReady(`projects/${cloud.project.id}/${target}`);
  const place = placeOf(target);
  const name = `operation-${clock.now()}-${randomBytes(6).toString('hex')}-${randomBytes(4).toString('hex')}`;
  const path = `${place}/operations/${name}`;
  const record: OperationRecord = {
    ...{ id: compute.newId(), name, place, operationType: type, target, targetId, user },
    begun: clock.now(),
  };
  compute.operations.set(path, record);
  if (isAlone) compute.busy.add(target);
  const over = () => {
    record.ended ??= clock.now();
    if (isAlone) compute.busy.delete(target);
  };
  const watched = async (step: () => void | Promise<void>) => {
    try {
      await step();
    } catch (error) {
      record.error = errorOf(error);
      throw error;
    }
  };
  operations.start({
    name: path,
    start: () =>
      watched(async () => work.start?.()).catch((error) => {
        over();
        throw error;
      }),
    work: async () => {
      try {
        await watched(work.work);
        return {};
      } finally {
        over();
      }
    },
  });
  // One that was made to fail never does its work.
  void ended(cloud, path).then(() => {
    over();
    if (operations.get(path).error) work.undo?.();
  });
  return path;
}

/** Resolves when an operation is done, looking at it as often as a client may. */
async function ended({ operations }: Context, path: string): Promise<void> {
  while (!operations.get(path).done)
    await new Promise((resolve) => {
      setTimeout(resolve, 20).unref();
    });
}

function errorOf(error: unknown): NonNullable<OperationRecord['error']> {
  if (error instanceof ComputeError)
    return { code: error.code, message: error.message, http: error.httpStatus };
  return {
    code: 'INTERNAL_ERROR',
    message: error instanceof Error ? error.message : String(error),
    http: 503,
  };
}

function placeOf(target: string): string {
  return /^(?:zones|regions)\/[^/]+/.exec(target)?.[0] ?? 'global';
}
