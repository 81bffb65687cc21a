import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { shownPath, type WrittenLine } from '@gangway/emulator';
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
      const read = flags.requests ? readRequests(place, service) : readLines(place, service);
      const show = (one: WrittenLine | Request) =>
        console.log(flags.json ? JSON.stringify(one) : 'text' in one ? outputLine(one) : requestLine(one));
      let page = await read(0);
      for (const one of flags.tail === undefined
        ? page.found
        : page.found.slice(-flags.tail || page.found.length))
        show(one);
      while (flags.follow) {
        await sleep(300);
        page = await read(page.next);
        for (const one of page.found) show(one);
      }
      end(0);
    });
}

type Read = (after: number) => Promise<{ found: readonly (WrittenLine | Request)[]; next: number }>;

function readRequests(place: Place, service: string | undefined): Read {
  return async (after) => {
    const { requests, next } = await order(place, 'requests', { after });
    const isAsked = (one: Request) =>
      service === undefined || one.service === service || one.service.split('.')[0] === service;
    return { found: requests.filter(isAsked), next };
  };
}

function readLines(place: Place, service: string | undefined): Read {
  return async (after) => {
    const { lines, next } = await order(place, 'logs', { after, ...(service && { service }) });
    return { found: lines, next };
  };
}

async function requireKnown(place: Place, service: string): Promise<void> {
  const { services, jobs, apps } = await order(place, 'resources', {});
  const names = [...services, ...jobs, ...apps].map(({ name }) => name);
  if (names.includes(service)) return;
  const there = names.length === 0 ? 'Nothing is deployed.' : `There is ${names.join(', ')}.`;
  throw new Misuse(`No service, job or app is named "${service}". ${there}`);
}

/** A request for a person. */
export function requestLine({ time, service, method, path, status }: Request): string {
  const color = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
  const code = styleText(color, String(status), { stream: process.stdout });
  return `${new Date(time).toISOString().slice(11, 23)}  ${code}  ${method.padEnd(6)} ${shownPath(path)}${service ? `  ${service}` : ''}`;
}

function outputLine({ time, from, text }: WrittenLine): string {
  return `${time.slice(11, 23)}  ${from}  ${text}`;
}
