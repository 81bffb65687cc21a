import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Principal } from '../principal.ts';
import type { Reply } from './call.ts';
import type { Found } from './dispatch.ts';

export interface AnsweredRequest {
  /** The service that answered, e.g. `run.googleapis.com`; undefined for a path of none. */
  readonly service: string | undefined;
  readonly method: string;
  /** As the service has it, with the query. */
  readonly path: string;
  readonly status: number;
  readonly agent: string;
  /** When it was answered, by the cloud's clock, in milliseconds since the epoch. */
  readonly time: number;
}

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

/** Query parameters whose values are credentials; an id, such as `secretId`, is none. */
const SECRET =
  /([?&](?![^=&]*id=)[^=&]*(?:key|token|secret|signature|assertion|password|code)[^=&]*=)[^&]*/gi;

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

/** A path without the values of what may be a credential in its query. */
export function withoutSecrets(path: string): string {
  return path.replace(SECRET, '$1***');
}
