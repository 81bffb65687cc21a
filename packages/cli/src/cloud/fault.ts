import { Command, InvalidArgumentError, Option } from 'commander';
import { Misuse } from '../misuse.ts';
import type { End } from '../status.ts';
import { theRunning } from './find.ts';
import { readDuration, readWhole } from './options.ts';
import { order } from './process/control.ts';
import type { DueFault, FaultOrder } from './process/orders.ts';

interface Flags {
  readonly times: number;
  readonly status?: number;
  readonly delay?: number;
  readonly reset?: true;
  readonly lost?: true;
  readonly expired?: true;
  readonly failed?: NonNullable<FaultOrder['failed']>;
  readonly retryAfter?: number;
}

/** `gangway fault`. */
export function faultCommand(end: End): Command {
  return new Command('fault')
    .description('Make requests to the local cloud fail, to see how a workflow handles it.')
    .addCommand(addCommand(end))
    .addCommand(
      new Command('list')
        .description('Show the active faults.')
        .addHelpText('after', '\nExample:\n  gangway fault list')
        .action(async () => {
          const { faults } = await order(theRunning().place, 'faults', {});
          console.log(faults.length === 0 ? 'No fault is due.' : faults.map(line).join('\n'));
          end(0);
        }),
    )
    .addCommand(
      new Command('clear')
        .description('Remove all faults.')
        .addHelpText('after', '\nExample:\n  gangway fault clear')
        .action(async () => {
          const { cleared } = await order(theRunning().place, 'clear-faults', {});
          console.log(`${cleared} fault${cleared === 1 ? '' : 's'} cleared.`);
          end(0);
        }),
    );
}

function addCommand(end: End): Command {
  return new Command('add')
    .description('Make the next matching requests fail.')
    .argument('<pattern>', 'regular expression over METHOD and path, as gangway logs --requests shows them')
    .addOption(new Option('--times <count>', 'how many requests fail').argParser(readWhole).default(1))
    .addOption(new Option('--status <code>', 'answer with this status').argParser(readStatus))
    .addOption(new Option('--retry-after <seconds>', 'send Retry-After, with --status').argParser(readWhole))
    .option('--reset', 'cut the connection without an answer')
    .option('--lost', 'carry out the request, then cut the connection')
    .option('--expired', 'end every token of the registry before the request')
    .addOption(
      new Option('--failed <code:message>', 'make the operation that it starts fail').argParser(readFailed),
    )
    .addOption(new Option('--delay <duration>', 'delay the answer, such as 5s').argParser(readDuration))
    .addHelpText(
      'after',
      `
Examples:
  gangway fault add 'POST .*/configs' --status 503 --times 3
  gangway fault add 'PATCH .*/services/forecast' --lost
  gangway fault add 'POST .*/services' --failed 'RESOURCE_EXHAUSTED: Quota exceeded for CPU.'
  gangway fault add 'GET /v2/' --delay 5s`,
    )
    .action(async (pattern: string, { retryAfter, ...flags }: Flags) => {
      try {
        new RegExp(pattern);
      } catch (error) {
        throw new Misuse(`"${pattern}" is not a regular expression: ${(error as Error).message}`);
      }
      const { status, delay, reset, lost, expired, failed } = flags;
      if ([status, delay, reset, lost, expired, failed].every((one) => one === undefined))
        throw new Misuse(
          'Nothing would happen: give --status, --reset, --lost, --expired, --failed or --delay.',
        );
      if (retryAfter !== undefined && status === undefined)
        throw new Misuse('--retry-after needs --status, such as --status 429.');
      const { faults } = await order(theRunning().place, 'fault', {
        match: pattern,
        ...flags,
        ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
      });
      console.log(faults.map(line).join('\n'));
      end(0);
    });
}

function line({ match, left, status, delay, reset, lost, expired, failed }: DueFault): string {
  const what = [
    status !== undefined && `status ${status}`,
    reset && 'connection cut',
    lost && 'answer lost',
    expired && 'registry tokens expired',
    failed && `operation fails with ${failed.status}`,
    delay !== undefined && `${delay} ms late`,
  ].filter(Boolean);
  return `  ${left}x  /${match}/  ${what.join(', ')}`;
}

function readStatus(text: string): number {
  const status = Number(text);
  if (!/^\d{3}$/.test(text) || status < 400 || status > 599)
    throw new InvalidArgumentError('A status is a number from 400 to 599.');
  return status;
}

const CODES = [
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'INTERNAL',
  'UNAVAILABLE',
  'UNAUTHENTICATED',
];

function readFailed(text: string): NonNullable<FaultOrder['failed']> {
  const [, status = '', message = ''] = /^([A-Z_]+):\s*(.+)$/.exec(text) ?? [];
  if (!CODES.includes(status))
    throw new InvalidArgumentError(`It takes CODE: MESSAGE, with one of ${CODES.join(', ')}.`);
  return { status: status as NonNullable<FaultOrder['failed']>['status'], message };
}
