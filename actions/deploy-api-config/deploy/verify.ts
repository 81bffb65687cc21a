import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, seconds } from '@gangway/action';
import type { Gateway } from '@gangway/google-cloud/api-gateway';
import { look, schemeOf } from '@gangway/http';
import type { Operation } from '@gangway/openapi';
import type { Check } from '../inputs/verification.ts';
import type { Inputs } from '../inputs.ts';

/** The address a gateway answers on. */
export function urlOf({ defaultHostname }: Gateway): string {
  return `${schemeOf(defaultHostname)}://${defaultHostname}`;
}

/**
 * Calls a gateway until each check is answered as it should be. A new gateway's host name, and a new config, take a
 * while to be known everywhere.
 *
 * @throws ActionError `verify-failed` that says what was answered instead
 */
export async function verify(
  url: string,
  checks: readonly Check[],
  { verifyTimeout }: Inputs,
): Promise<void> {
  if (checks.length === 0) return;
  const start = performance.now();
  let left = checks.map((check) => ({ check, wrong: 'it was not asked yet' }));
  for (let delay = 250; ; delay = Math.min(delay * 1.5, 2000)) {
    const asked = await Promise.all(left.map(async ({ check }) => ({ check, wrong: await ask(url, check) })));
    left = asked.flatMap(({ check, wrong }) => (wrong === undefined ? [] : [{ check, wrong }]));
    if (left.length === 0) break;
    if (performance.now() - start > verifyTimeout) {
      const answers = left.map(({ check, wrong }) => `${check.method} ${check.path}: ${wrong}`);
      throw new ActionError(
        `The gateway at ${url} does not answer as it should after ${seconds(verifyTimeout)}. ${answers.join('; ')}.`,
        {
          code: 'verify-failed',
          hint: 'compare the document, the backend and the "verify" input; a gateway may need more "verify_timeout"',
        },
      );
    }
    await sleep(delay, undefined, { signal: cancellation });
  }
  log.info(`${url} answers as it should (${checks.length} checked).`);
}

/** How many of the document's routes are asked for. */
const MOST = 10;
const SAFE = new Set(['get', 'head', 'options']);

/**
 * What to ask of a gateway by itself: routes of the document, without a key. One that is protected never reaches the
 * backend; of the open ones, only those that change nothing are asked.
 */
export function checksOf(operations: readonly Operation[]): Check[] {
  return operations
    .filter(({ method, security }) => security !== 'open' || SAFE.has(method))
    .slice(0, MOST)
    .map(({ method, path }) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{[^{}]*\}/g, '1'),
      status: undefined,
    }));
}

/** What is wrong with the answer to a check, or undefined. */
async function ask(url: string, { method, path, status }: Check): Promise<string | undefined> {
  try {
    const asking = { method, signal: cancellation, timeout: 20_000 };
    const { status: answered, text } = await look(`${url}${path}`, asking);
    if (status !== undefined)
      return answered === status ? undefined : `${answered}, not ${status}${quote(text)}`;
    return isUnknownRoute(answered, text) ? `${answered}${quote(text)}` : undefined;
  } catch (error) {
    cancellation.throwIfAborted();
    return `no answer (${error instanceof Error ? error.message.replace(/\.$/, '') : error})`;
  }
}

/** The gateway's own words for a route or a method that its config does not have, and for no config at all (ESPv2). */
function isUnknownRoute(status: number, text: string): boolean {
  if (status === 404) return /The current request is not defined by this API|<title>Error 404/i.test(text);
  return status === 405 && /its http method is not allowed/i.test(text);
}

function quote(text: string): string {
  const said = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return said ? ` ("${said}")` : '';
}
