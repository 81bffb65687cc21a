import type { Context } from '../context.ts';
import type { Machine } from '../machines/machine.ts';
import type { LogLine } from './logs.ts';

/** Lines an app's log holds. */
const LIMIT = 10_000;

/** Writes a line into the log of a machine's app. */
export function writeLog(
  cloud: Pick<Context, 'clock'>,
  machine: Machine,
  message: string,
  provider: LogLine['provider'],
  level = 'info',
): void {
  const { logs } = machine.app;
  logs.push({
    id: (logs.at(-1)?.id ?? 0) + 1,
    time: cloud.clock.now(),
    message,
    level,
    instance: machine.id,
    region: machine.region,
    provider,
  });
  if (logs.length > LIMIT) logs.splice(0, logs.length - LIMIT);
}
