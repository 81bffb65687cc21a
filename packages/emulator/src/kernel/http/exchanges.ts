import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A request and its answer as they were on the wire, for whoever judges them: a line of JSON. */
export interface Exchange {
  /** The host that it was for, e.g. `run.googleapis.com`. */
  readonly host: string;
  readonly method: string;
  /** As the host has it, with the query. */
  readonly path: string;
  readonly agent: string;
  readonly type: string;
  readonly request: string;
  readonly status: number;
  readonly answerType: string;
  readonly answer: string;
  /** Where in the caller's source it comes from, as far as the caller says. */
  readonly source: string;
  /** Whether the answer is a fault on request, and not the service's. */
  readonly isFault: boolean;
}

/** The header in which a caller may say where in its source a request comes from. */
export const SOURCE_HEADER = 'x-gangway-source';

/** Bytes of a body that are kept. */
const MOST = 4 * 1024 * 1024;

/** Whether exchanges are kept: in the folder that `GANGWAY_EXCHANGES` names, a file for each process. */
export function keepsExchanges(): boolean {
  return Boolean(process.env.GANGWAY_EXCHANGES);
}

export function keepExchange(exchange: Exchange): void {
  const folder = process.env.GANGWAY_EXCHANGES;
  if (!folder || exchange.request.length > MOST || exchange.answer.length > MOST) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(exchange)}\n`);
}
