import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, mask, seconds } from '@gangway/action';
import type { GoogleCloud } from '@gangway/google-cloud';
import { fields, probe, type Said, text } from '@gangway/http';
import type { Check } from '../inputs/traffic.ts';

/** What is asked, and as whom. */
export interface Question extends Pick<Check, 'timeout' | 'method' | 'status'> {
  /** Where to ask, found out before each try; undefined while there is no such place. */
  readonly url: (isAgain: boolean) => Promise<string | undefined>;
  /** The service's own URL, for which ID tokens are made; no token goes to another. */
  readonly audience: string | undefined;
  /** The accounts whose ID token may be shown: the first of which one can be had. */
  readonly accounts: readonly string[];
  /** The account that deploys, where it is known. */
  readonly deployer: string | undefined;
  /** Whether it is to answer everyone, though perhaps not yet. */
  readonly isPublic: boolean;
}

interface Shown {
  readonly account: string;
  readonly token: string;
}

/**
 * Asks a URL until it answers 2xx, or the status that is wanted. A service that asks for an ID token is shown one.
 *
 * @throws ActionError `check-failed` that says what was answered
 */
export async function check(cloud: GoogleCloud, question: Question): Promise<void> {
  const { timeout, audience, isPublic, status } = question;
  const start = performance.now();
  let shown: Shown | undefined;
  let url = await question.url(false);
  for (let delay = 250; ; delay = Math.min(delay * 1.5, 2000)) {
    const answer = url ? await ask(url, question, shown?.token) : NOWHERE;
    if (answer.ok) break;
    if (url && answer.isPrivate && audience && !shown && !isPublic) {
      shown = await idToken(cloud, question, `${url} asks for an ID token`, answer.said);
      continue;
    }
    if (performance.now() - start > timeout) {
      const as = shown ? ` to an ID token of ${shown.account}` : '';
      throw new ActionError(
        `${url ?? 'The revision'} does not answer as it should after ${seconds(timeout)}: ${answer.said}${as}${status === undefined ? '' : `, not ${status}`}.`,
        {
          code: 'check-failed',
          hint: cure(answer, shown, question),
        },
      );
    }
    await sleep(delay, undefined, { signal: cancellation });
    url = await question.url(true);
  }
  log.info(`${url} answers as it should.`);
}

/** What helps depends on who was asked and as whom: a service that everyone may call can answer 403 itself. */
function cure({ isPrivate }: Said, shown: Shown | undefined, { audience }: Question): string {
  if (isPrivate && shown)
    return `let ${shown.account} call the service: name it in "invokers", or give it roles/run.invoker`;
  if (isPrivate && audience === undefined)
    return "an ID token is sent only to the service's own URL: write a path such as /healthz, or add the status that is to be answered, e.g. 401";
  return 'fix what it answers, or check_url; if it starts slowly, raise check_timeout';
}

const NOWHERE: Said = { ok: false, isPrivate: false, said: 'it has no URL of its own' };

function ask(url: string, { method, status }: Question, token: string | undefined): Promise<Said> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return probe(url, { method, status, headers, signal: cancellation });
}

/** An ID token for the service (https://cloud.google.com/run/docs/authenticating/service-to-service). */
async function idToken(
  cloud: GoogleCloud,
  { accounts, audience, deployer = 'DEPLOYER' }: Question,
  what: string,
  said: string,
): Promise<Shown> {
  const refusals: string[] = [];
  for (const account of accounts) {
    try {
      const { token } = await cloud.request({
        service: 'iamcredentials',
        method: 'POST',
        path: `v1/projects/-/serviceAccounts/${account}:generateIdToken`,
        body: { audience, includeEmail: true },
        answer: fields<{ token: string }>({ token: text }, 'token'),
      });
      mask(token);
      return { account, token };
    } catch (error) {
      cancellation.throwIfAborted();
      refusals.push(
        `none could be created for ${account}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  const [account] = accounts;
  if (!account)
    throw new ActionError(`${what} (${said}), and no account is named to create one for.`, {
      code: 'check-failed',
      hint: 'set check_as to the email address of a service account that may call the service',
    });
  throw new ActionError(`${what}, and ${refusals.join('; ')}`, {
    code: 'check-failed',
    hint: `let the account that deploys create ID tokens for it: gcloud iam service-accounts add-iam-policy-binding ${account} --member="serviceAccount:${deployer}" --role=roles/iam.serviceAccountOpenIdTokenCreator; and let it call the service: name it in "invokers"`,
  });
}
