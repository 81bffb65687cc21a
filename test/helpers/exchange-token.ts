import type { RunningCloud } from '@gangway/emulator';

const TYPE = 'urn:ietf:params:oauth:token-type';

interface Exchanged {
  readonly access_token?: string;
  readonly error?: string;
  readonly error_description?: string;
}

/** What the Security Token Service of a local cloud gives for a token of somebody else, such as GitHub or a cluster. */
export async function exchangeToken(
  cloud: RunningCloud,
  token: string,
  audience: string,
): Promise<Exchanged> {
  const response = await fetch(`${cloud.addressOf('sts.googleapis.com')}/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: `${TYPE}:access_token`,
      subject_token_type: `${TYPE}:jwt`,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      subject_token: token,
      audience,
    }),
  });
  return (await response.json()) as Exchanged;
}
