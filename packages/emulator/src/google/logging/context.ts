import type { Context as ContextOf } from '../../contracts.ts';

/** What clients wrote to logs, as it is shown, oldest first. */
export interface LoggingState {
  readonly writtenLogs: ({ timestamp: string; logName: string } & Record<string, unknown>)[];
}

/** What the handlers of Cloud Logging work with. */
export type Context = ContextOf<LoggingState, 'iam' | 'logSources'>;
