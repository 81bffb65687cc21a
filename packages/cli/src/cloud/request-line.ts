import { styleText } from 'node:util';
import { shownPath } from '@gangway/emulator';
import type { Request } from './process/orders.ts';

/** A request for a person. */
export function requestLine({ time, service, method, path, status }: Request): string {
  const color = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
  const code = styleText(color, String(status), { stream: process.stdout });
  return `${new Date(time).toISOString().slice(11, 23)}  ${code}  ${method.padEnd(6)} ${shownPath(path)}${service ? `  ${service}` : ''}`;
}
