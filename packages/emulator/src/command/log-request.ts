import { type AnsweredRequest, withoutSecrets } from '../kernel/http/answered.ts';

/** Prints a line for a request, without what is secret in it: time, status, duration, method, service, path, client. */
export function logRequest(request: AnsweredRequest, took: number): void {
  console.log(requestLine(request, took));
}

/** @param took milliseconds */
export function requestLine(request: AnsweredRequest, took: number): string {
  const { service = '-', method, path, status, agent, time } = request;
  const at = new Date(time).toISOString().slice(11, 23);
  const shown = printable(withoutSecrets(path));
  return `${at} ${status} ${Math.round(took)} ms  ${printable(method)} ${service} ${shown}  ${printable(agent.split(' ')[0] ?? '') || '-'}`;
}

/** What a client sent can't move a terminal's cursor. */
function printable(text: string): string {
  return text.slice(0, 500).replace(/[^\x21-\x7e]/g, '?');
}
