import type { AnsweredRequest } from '../kernel/http/answered-request.ts';
import { withoutCredentials } from '../kernel/http/without-credentials.ts';

/** Prints a line for a request, without what is secret in it: time, status, duration, method, service, path, client. */
export function logRequest(request: AnsweredRequest, took: number): void {
  console.log(requestLine(request, took));
}

/** @param took milliseconds */
export function requestLine(request: AnsweredRequest, took: number): string {
  const { service = '-', method, path, status, agent, time } = request;
  const at = new Date(time).toISOString().slice(11, 23);
  return `${at} ${status} ${Math.round(took)} ms  ${printable(method)} ${service} ${shownPath(path)}  ${printable(agent.split(' ')[0] ?? '') || '-'}`;
}

/** A path and query for a person, without what is secret in it. */
export function shownPath(path: string): string {
  return printable(withoutCredentials(path));
}

/** What a client sent can't move a terminal's cursor. */
function printable(text: string): string {
  return text.slice(0, 500).replace(/[^\x21-\x7e]/g, '?');
}
