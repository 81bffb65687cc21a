import { setTimeout as sleep } from 'node:timers/promises';
import type { WrittenLine } from '@gangway/emulator';
import { Command, Option } from 'commander';
import { Misuse } from '../misuse.ts';
import type { End } from '../status.ts';
import { theRunning } from './find.ts';
import { readWhole } from './options.ts';
import { order } from './process/control.ts';
import type { Request } from './process/orders.ts';
import type { Place } from './process/place.ts';

interface Flags {
  readonly requests?: true;
  readonly follow?: true;
  readonly tail?: number;
  readonly json?: true;
}

/** `gangway logs`. */
export function logsCommand(end: End): Command {
  return new Command('logs')
    .description('Show what containers and machines wrote, or the requests that the local cloud answered.')
    .argument(
      '[service]',
      'a Cloud Run service or job, or an app of Fly.io; with --requests an API, such as run',
    )
    .option('--requests', 'show requests to the APIs instead of output')
    .option('-f, --follow', 'keep printing new lines')
    .addOption(new Option('-n, --tail <count>', 'only the last ones').argParser(readWhole))
    .option('--json', 'one JSON object per line')
    .addHelpText(
      'after',
      `
Examples:
  gangway logs forecast --follow
  gangway logs --requests --tail 20
  gangway logs run --requests --json | jq -r .path`,
    )
    .action(async (service: string | undefined, flags: Flags) => {
      const { place } = theRunning();
      if (service !== undefined && !flags.requests) await requireKnown(place, service);
      const read = flags.requests ? requests(place, service, flags) : output(place, service, flags);
      let page = await read(0);
      for (const line of flags.tail === undefined
        ? page.lines
        : page.lines.slice(-flags.tail || page.lines.length))
        console.log(line);
      while (flags.follow) {
        await sleep(300);
        page = await read(page.next);
        for (const line of page.lines) console.log(line);
      }
      end(0);
    });
}

/** Reads what came after a place in the log, as it is printed. */
type Read = (after: number) => Promise<{ lines: readonly string[]; next: number }>;

function requests(place: Place, service: string | undefined, { json }: Flags): Read {
  const isAsked = (one: Request) =>
    service === undefined || one.service === service || one.service.split('.')[0] === service;
  return async (after) => {
    const { requests, next } = await order(place, 'requests', { after });
    const lineOf = json ? JSON.stringify : (await import('../on-demand.ts')).requestLine;
    return { lines: requests.filter(isAsked).map((one) => lineOf(one)), next };
  };
}

function output(place: Place, service: string | undefined, { json }: Flags): Read {
  return async (after) => {
    const { lines, next } = await order(place, 'logs', { after, ...(service && { service }) });
    return { lines: lines.map((one) => (json ? JSON.stringify(one) : outputLine(one))), next };
  };
}

async function requireKnown(place: Place, service: string): Promise<void> {
  const { services, jobs, apps } = await order(place, 'resources', {});
  const names = [...services, ...jobs, ...apps].map(({ name }) => name);
  if (names.includes(service)) return;
  const there = names.length === 0 ? 'Nothing is deployed.' : `There is ${names.join(', ')}.`;
  throw new Misuse(`No service, job or app is named "${service}". ${there}`);
}

function outputLine({ time, from, text }: WrittenLine): string {
  return `${time.slice(11, 23)}  ${from}  ${text}`;
}
