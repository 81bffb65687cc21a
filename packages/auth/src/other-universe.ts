import { GOOGLE_UNIVERSE } from '@gangway/google-cloud';
import type { GoogleInputs } from './inputs.ts';
import { defaultCredentialsText } from './sources/default-credentials.ts';
import { parseCredentials } from './sources/parse-credentials.ts';
import { meantUniverse } from './universe.ts';

/**
 * Whether another cloud than Google's own is meant, as far as that can be told before any request: rules such as which
 * hosts images come from are others there. Credentials that can't be read say nothing of it.
 */
export function isOtherUniverse(
  inputs: Pick<GoogleInputs, 'universeDomain' | 'credentialsJson' | 'workloadIdentityProvider'>,
): boolean {
  const universe = meantUniverse(inputs.universeDomain) ?? named(inputs);
  return typeof universe === 'string' && universe !== '' && universe !== GOOGLE_UNIVERSE;
}

function named({
  credentialsJson,
  workloadIdentityProvider,
}: Parameters<typeof isOtherUniverse>[0]): unknown {
  if (workloadIdentityProvider) return undefined;
  const text = credentialsJson ?? defaultCredentialsText();
  return text === undefined ? undefined : parseCredentials(text)?.universe_domain;
}
