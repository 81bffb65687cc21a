import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Principal } from '../principal.ts';
import type { AnsweredRequest } from './answered-request.ts';
import type { Reply } from './call.ts';
import type { Found } from './dispatch.ts';

/** What is known of an answered request besides what the log of requests keeps. */
export interface Circumstances {
  /** Milliseconds. */
  readonly took: number;
  /** What went back; undefined where what was deployed answered. */
  readonly reply: Reply | undefined;
  /** Who asked, where a token of Google's says so. */
  readonly principal: Principal | undefined;
}

/** Told of each request once it is answered. */
export type Witness = (request: AnsweredRequest, circumstances: Circumstances) => void;

/** A request as it is kept. */
export function answered(
  { clock }: { readonly clock: Clock },
  { method = 'GET', headers }: IncomingMessage,
  asked: URL,
  found: Found | undefined,
  status: number,
): AnsweredRequest {
  const service = found?.service.declaration.name;
  const path = `${found?.path ?? asked.pathname}${asked.search}`;
  return { service, method, path, status, agent: headers['user-agent'] ?? '', time: clock.now() };
}
