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
  let left = checks.map((check) => ({ check, wrong: 'it was not requested yet' }));
  const away = new Map<string, URL>();
  for (let delay = 250; ; delay = Math.min(delay * 1.5, 2000)) {
    const asked = await Promise.all(left.map(async ({ check }) => ({ check, ...(await ask(url, check)) })));
    for (const { check, away: to } of asked) if (to) away.set(`${check.method} ${check.path}`, to);
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
  for (const [what, to] of away)
    log.warning(
      `${what} is redirected from the gateway to ${to.origin}${to.pathname}: callers leave the gateway, and get 403 if the backend takes only the gateway. ${CURE}`,
    );
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

const CURE =
  'Frameworks such as FastAPI and Django redirect to the other form of a path, with or without a slash at its end, by the address that the request came to: declare the path in the form that callers write, or turn that off, as with FastAPI(redirect_slashes=False).';

interface Asked {
  /** What is wrong with the answer. */
  readonly wrong?: string;
  /** Where it redirects to past the gateway, to the other form of the path. */
  readonly away?: URL;
}

async function ask(url: string, { method, path, status }: Check): Promise<Asked> {
  try {
    const asking = { method, signal: cancellation, timeout: 20_000 };
    const { status: answered, text, location } = await look(`${url}${path}`, asking);
    const asked = new URL(`${url}${path}`);
    const away =
      location && location.host !== asked.host && slashless(location) === slashless(asked)
        ? { away: location }
        : {};
    if (status !== undefined && answered !== status) {
      const to = location ? `, to ${location.origin}${location.pathname}` : '';
      return { ...away, wrong: `${answered}, not ${status}${to}${quote(text)}` };
    }
    if (status === undefined && isUnknownRoute(answered, text)) return { wrong: `${answered}${quote(text)}` };
    return away;
  } catch (error) {
    cancellation.throwIfAborted();
    return { wrong: `no answer (${error instanceof Error ? error.message.replace(/\.$/, '') : error})` };
  }
}

function slashless({ pathname }: URL): string {
  return pathname.replace(/\/$/, '');
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
