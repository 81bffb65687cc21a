import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import type { Reply } from '../../kernel/http/call.ts';
import { operationName } from '../../kernel/operations/operations.ts';
import type { Context } from './context.ts';
import type { Resource, State } from './state.ts';

const TYPE = 'type.googleapis.com/google.cloud.apigateway.v1';

/** A change of a resource that takes its time. */
export interface Change<T extends Resource> {
  readonly verb: 'create' | 'update' | 'delete';
  readonly resource: T;
  /** What the change does when its time has come; its ApiError fails the operation. */
  readonly work: () => void | Promise<void>;
  /** The resource's message type and body, when it is still there afterwards. */
  readonly result?: {
    readonly type: 'Api' | 'ApiConfig' | 'Gateway';
    readonly shown: () => Record<string, unknown>;
  };
}

const DURING: Readonly<Record<Change<Resource>['verb'], State>> = {
  create: 'CREATING',
  update: 'UPDATING',
  delete: 'DELETING',
};

/**
 * Starts a change as an operation (google.cloud.apigateway.v1.OperationMetadata) and answers with it. The
 * resource is in a passing state meanwhile; a create that fails leaves it FAILED.
 *
 * @throws ApiError ABORTED while another change of the resource runs
 */
export function change<T extends Resource>(
  cloud: Context,
  { verb, resource, work, result }: Change<T>,
): Reply {
  const before = resource.state;
  if (verb !== 'create' && before !== 'ACTIVE' && before !== 'FAILED')
    throw new ApiError('ABORTED', 'unable to queue the operation');
  resource.state = DURING[verb];
  const now = cloud.clock.now();
  const failure = cloud.operations.takeFailure();
  const location = resource.name.split('/').slice(0, 4).join('/');
  const operation = cloud.operations.start({
    name: operationName(location, now),
    permission: 'apigateway.operations.get',
    metadata: {
      '@type': `${TYPE}.OperationMetadata`,
      createTime: timestamp(now),
      target: resource.name,
      verb,
      requestedCancellation: false,
      apiVersion: 'v1',
    },
    work: async () => {
      try {
        if (failure) throw failure;
        await work();
      } catch (error) {
        resource.state = verb === 'create' ? 'FAILED' : before;
        throw error;
      }
      if (!result) return { '@type': 'type.googleapis.com/google.protobuf.Empty' };
      resource.state = 'ACTIVE';
      resource.updateTime = cloud.clock.now();
      return { '@type': `${TYPE}.${result.type}`, ...result.shown() };
    },
  });
  return { body: operation };
}

/** The fields every resource shows, times as RFC 3339. */
export function shownResource({
  name,
  createTime,
  updateTime,
  displayName,
  labels,
  state,
}: Resource): Record<string, unknown> {
  return {
    name,
    createTime: timestamp(createTime),
    updateTime: timestamp(updateTime),
    ...(Object.keys(labels).length > 0 && { labels }),
    displayName,
    state,
  };
}
