import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, mask, seconds } from '@gangway/action';
import type { GoogleCloud } from '@gangway/google-cloud';
import { fields, look, pageText, text } from '@gangway/http';
import type { Check } from '../inputs/traffic.ts';

/** What is asked, and as whom. */
export interface Question extends Check {
  /** The service's own URL, for which ID tokens are made; no token goes to another. */
  readonly audience: string | undefined;
  /** The account that deploys. */
  readonly account: string | undefined;
}

/**
 * Asks a URL until it answers 2xx, or the status that is wanted. A service that asks for an ID token is shown one.
 *
 * @throws ActionError `check-failed` that says what was answered
 */
export async function check(cloud: GoogleCloud, question: Question): Promise<void> {
  const { url, timeout, status } = question;
  const start = performance.now();
  let token: string | undefined;
  for (let delay = 250; ; delay = Math.min(delay * 1.5, 2000)) {
    const answer = await ask(question, token);
    if (answer.ok) break;
    if (answer.isPrivate && !token && question.audience) {
      token = await idToken(cloud, question, answer.said);
      continue;
    }
    if (performance.now() - start > timeout)
      throw new ActionError(
        `${url} does not answer as it should after ${seconds(timeout)}: ${answer.said}${status === undefined ? '' : `, not ${status}`}.`,
        {
          code: 'check-failed',
          hint: 'mend what it answers, or check_url; a slow start may need more check_timeout',
        },
      );
    await sleep(delay, undefined, { signal: cancellation });
  }
  log.info(`${url} answers as it should.`);
}

async function ask(
  { url, method, status: wanted }: Question,
  token: string | undefined,
): Promise<{ ok: boolean; isPrivate: boolean; said: string }> {
  try {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const { status, text: page } = await look(url, {
      method,
      headers,
      signal: cancellation,
      timeout: 30_000,
    });
    const words = /^\s*</.test(page) ? pageText(page) : `"${page.replace(/\s+/g, ' ').trim().slice(0, 200)}"`;
    const said = `${status}${words === '""' ? '' : ` ${words}`}`;
    const ok = wanted === undefined ? status >= 200 && status <= 299 : status === wanted;
    return { ok, isPrivate: status === 401 || status === 403, said };
  } catch (error) {
    cancellation.throwIfAborted();
    return { ok: false, isPrivate: false, said: error instanceof Error ? error.message : String(error) };
  }
}

/** An ID token of the account, for the service (https://cloud.google.com/run/docs/authenticating/service-to-service). */
async function idToken(
  cloud: GoogleCloud,
  { as, account, audience, url }: Question,
  said: string,
): Promise<string> {
  const email = as ?? account;
  if (!email)
    throw new ActionError(`${url} asks for an ID token (${said}), and no account is named to make one of.`, {
      code: 'check-failed',
      hint: 'set check_as to the e-mail address of a service account that may call the service',
    });
  try {
    const { token } = await cloud.request({
      service: 'iamcredentials',
      method: 'POST',
      path: `v1/projects/-/serviceAccounts/${email}:generateIdToken`,
      body: { audience, includeEmail: true },
      answer: fields<{ token: string }>({ token: text }, 'token'),
    });
    mask(token);
    return token;
  } catch (error) {
    cancellation.throwIfAborted();
    throw new ActionError(
      `${url} asks for an ID token, and none could be had of ${email}: ${error instanceof Error ? error.message : error}`,
      {
        code: 'check-failed',
        hint: `let the account that deploys make ID tokens of it: gcloud iam service-accounts add-iam-policy-binding ${email} --member="serviceAccount:${account ?? 'ACCOUNT'}" --role=roles/iam.serviceAccountOpenIdTokenCreator; and let it call the service: roles/run.invoker`,
      },
    );
  }
}
