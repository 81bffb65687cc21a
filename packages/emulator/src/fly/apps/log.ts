import type { Clock } from '../../kernel/clock.ts';
import type { Machine } from '../machines/machine.ts';
import type { LogLine } from './app-record.ts';

/** Lines an app's log holds. */
const LIMIT = 10_000;

/** Writes a line into the log of a machine's app. */
export function writeLog(
  { clock }: { readonly clock: Clock },
  machine: Machine,
  message: string,
  provider: LogLine['provider'],
  level = 'info',
): void {
  const { logs } = machine.app;
  logs.push({
    id: (logs.at(-1)?.id ?? 0) + 1,
    time: clock.now(),
    message,
    level,
    instance: machine.id,
    region: machine.region,
    provider,
  });
  if (logs.length > LIMIT) logs.splice(0, logs.length - LIMIT);
}
