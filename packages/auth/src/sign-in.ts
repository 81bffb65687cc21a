import { cancellation, githubIdToken, log, mask, seconds } from '@gangway/action';
import { type GoogleCloud, googleCloud } from '@gangway/google-cloud';
import { authenticate, type Credentials } from './authenticate.ts';
import type { GoogleInputs } from './inputs.ts';

export interface SignedIn {
  readonly cloud: GoogleCloud;
  readonly credentials: Credentials;
  readonly projectId: string;
}

/** Finds the step's credentials, says in the log which they are, and gives authorised calls. */
export async function signIn(inputs: GoogleInputs): Promise<SignedIn> {
  const credentials = await authenticate(inputs, { idToken: githubIdToken, mask, signal: cancellation });
  log.info(`Project ${credentials.projectId}, as ${credentials.source}.`);
  const cloud = googleCloud(credentials.client, {
    signal: cancellation,
    onRetry: ({ error }, delay) =>
      log.info(`Trying again in ${seconds(delay)}: ${error instanceof Error ? error.message : error}`),
  });
  return { cloud, credentials, projectId: credentials.projectId };
}
