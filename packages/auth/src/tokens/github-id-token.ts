import { cancellation, mask, withheld } from '@gangway/action';
import { ActionError } from '@gangway/action/error';
import { fields, LIMITS, RequestFailure, readJson, send, token } from '@gangway/http';

const ANSWER = fields<{ value: string }>({ value: token }, 'value');
const TIMEOUT = 30_000;

/**
 * GitHub's OIDC token of this job for an audience, masked. What it is asked for with goes to the runner's own address and to no
 * other: a redirect is an error.
 *
 * @see https://docs.github.com/en/actions/concepts/security/openid-connect
 * @throws ActionError `oidc-unavailable`, `fork-pull-request` or `dependabot` when the job may not ask for one,
 *   `oidc-refused` when GitHub refuses it, `oidc-failed` when another try may succeed
 */
export async function githubIdToken(audience: string): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env;
  if (!address || !bearer) {
    const reason = withheld();
    throw new ActionError(
      `This job cannot ask GitHub for an OIDC token, which workload_identity_provider needs. ${reason?.what ?? 'Its permissions lack "id-token: write".'}`,
      {
        code: reason?.code ?? 'oidc-unavailable',
        hint:
          reason?.cure ??
          'add to the job, and to the job that calls it if it is a reusable workflow:\n  permissions:\n    contents: read\n    id-token: write',
      },
    );
  }
  mask(bearer);
  const url = new URL(address);
  url.searchParams.set('audience', audience);
  const answer = await ask(url, bearer);
  const { status } = answer;
  if (answer.ok) {
    const { value } = await readJson(answer, ANSWER).catch(failed);
    mask(value);
    return value;
  }
  answer.discard();
  if (/^4(?!08|25|29)/.test(String(status))) {
    throw new ActionError(`GitHub refuses this job an OIDC token (HTTP ${status}).`, {
      code: 'oidc-refused',
      hint: 'run the job again: the token that it asks with expires with the job, and after six hours at the latest',
    });
  }
  throw lacking(`(HTTP ${status})`);
}

function ask(url: URL, bearer: string) {
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  const outgoing = { headers, signal: cancellation, timeout: TIMEOUT, limit: LIMITS.token };
  return send(url, outgoing).catch(failed);
}

/** Another try may bring what got lost on its way; what something else answered in GitHub's place stays so. */
function failed(error: unknown): never {
  if (error instanceof RequestFailure && error.tries !== 1)
    throw lacking(`(${error.message.replace(/\.$/, '')})`, error);
  throw error;
}

function lacking(why: string, cause?: unknown): ActionError {
  return new ActionError(`GitHub did not answer with an OIDC token ${why}.`, {
    code: 'oidc-failed',
    hint:
      cause instanceof RequestFailure && /^(proxy|tls|unreachable)$/.test(cause.code ?? '')
        ? cause.hint
        : 'run the job again; if it keeps failing, look at www.githubstatus.com',
    cause,
  });
}
