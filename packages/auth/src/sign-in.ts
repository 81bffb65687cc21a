import { cancellation, log, mask, seconds } from '@gangway/action';
import { type Actor, type GoogleCloud, googleCloud } from '@gangway/google-cloud';
import { setBackend } from 'google-logging-utils';
import { authenticate, type Credentials } from './authenticate.ts';
import type { GoogleInputs } from './inputs.ts';
import { githubIdToken } from './tokens/github-id-token.ts';

export interface SignedIn {
  readonly cloud: GoogleCloud;
  readonly credentials: Credentials;
  readonly projectId: string;
  /** Whom to grant what Google refuses. */
  readonly actor: Actor;
}

/** Finds the step's credentials, says in the log which they are, and gives authorised calls. */
export async function signIn(inputs: GoogleInputs): Promise<SignedIn> {
  // GOOGLE_SDK_NODE_LOGGING would let the library print every answer, tokens and keys among them, before they are masked.
  setBackend(null);
  const credentials = await authenticate(inputs, {
    idToken: githubIdToken,
    mask,
    signal: cancellation,
    onRetry: tellRetry,
    ...grantTimeout(),
  });
  log.info(`Project ${credentials.projectId}, as ${credentials.source}.`);
  const { GOOGLE_APPLICATION_CREDENTIALS: file } = process.env;
  if (file && !credentials.source.includes(file))
    log.info(`GOOGLE_APPLICATION_CREDENTIALS (${file}) is not used.`);
  const cloud = googleCloud(credentials.client, {
    signal: cancellation,
    onRetry: ({ error }, delay) => tellRetry(error, delay),
  });
  const { identity, projectId } = credentials;
  const { serviceAccount, provider: workloadIdentityProvider } = identity;
  return { cloud, credentials, projectId, actor: { projectId, serviceAccount, workloadIdentityProvider } };
}

function tellRetry(error: unknown, delay: number): void {
  const message = error instanceof Error ? error.message : String(error);
  log.info(`Trying again in ${seconds(delay)}: ${message}`);
}

/** Seconds to wait for a new grant, where the environment says: 0 for who wants to know at once. */
function grantTimeout(): { grantTimeout?: number } {
  const { GANGWAY_GRANT_TIMEOUT: text } = process.env;
  return text && /^\d+$/.test(text) ? { grantTimeout: Number(text) * 1000 } : {};
}
