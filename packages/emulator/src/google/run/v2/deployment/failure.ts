import { EngineError, EngineUnavailable } from '../../../../docker/connection.ts';
import { ApiError } from '../../../../kernel/errors.ts';
import { NotReady } from '../../containers/instance.ts';
import type { Condition, Revision } from '../types.ts';

/** Why a revision, or a service, is not ready: the error, and the condition that says so. */
export interface Failure {
  readonly error: ApiError;
  readonly reason: Pick<Condition, 'reason' | 'revisionReason'>;
}

/** Says in Cloud Run's words what the data plane said about a revision. */
export function failureOf(error: unknown, revision: Pick<Revision, 'name' | 'logUri'>): Failure {
  const notReady = `Revision '${revision.name.split('/').at(-1)}' is not ready and cannot serve traffic.`;
  if (error instanceof EngineUnavailable)
    return { error: new ApiError('UNAVAILABLE', error.message), reason: { reason: 'INTERNAL' } };
  if (error instanceof NotReady) {
    const message = `${notReady} ${because(error)} Logs for this revision might contain more information.\n\nLogs URL: ${revision.logUri}\nFor more troubleshooting guidance, see https://cloud.google.com/run/docs/troubleshooting#container-failed-to-start`;
    return {
      error: new ApiError('FAILED_PRECONDITION', message),
      reason: { revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' },
    };
  }
  if (error instanceof ApiError) {
    const about = error.message.startsWith('Revision ') ? '' : `${notReady} `;
    return {
      error: new ApiError(error.status, `${about}${error.message}`, error.details),
      reason: { reason: reasonOf(error.message) },
    };
  }
  const said = error instanceof Error ? error.message : String(error);
  const status = error instanceof EngineError ? 'FAILED_PRECONDITION' : 'INTERNAL';
  return { error: new ApiError(status, `${notReady} ${said}`), reason: { reason: reasonOf(said) } };
}

function because({ container: { name, port, startup } }: NotReady): string {
  if (startup?.http || startup?.grpc || port === undefined)
    return `The user-provided container${name && ` '${name}'`} failed the configured startup probe checks.`;
  return `The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended.`;
}

function reasonOf(message: string): string {
  if (/\bSecret |on secret:/.test(message)) return 'SECRETS_ACCESS_CHECK_FAILED';
  if (/^Image /.test(message)) return 'CONTAINER_MISSING';
  if (/downloadArtifacts/.test(message)) return 'CONTAINER_PERMISSION_DENIED';
  return 'INTERNAL';
}
