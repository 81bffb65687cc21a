const EVERYTHING = ['https://www.googleapis.com/auth/cloud-platform'];
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type';
/** What the metadata server of Kubernetes Engine says to each refusal of IAM. */
const HINT =
  '\nThis error could be caused by a missing IAM policy binding on the target IAM service account.\nFor more information, refer to the Workload Identity documentation:\n\thttps://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#authenticating_to\n\n';

/** What a metadata server says in place of a token. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Token {
  readonly token: string;
  /** Seconds that it is good for. */
  readonly lifetime: number;
}

interface Exchange {
  readonly audience: string;
  /** Of a Kubernetes service account. */
  readonly token: string;
  readonly scopes?: readonly string[] | undefined;
}

/** Makes a federated token, as the Security Token Service gives it. @throws Refused */
export async function exchangeToken(sts: string, { audience, token, scopes }: Exchange): Promise<Token> {
  const response = await fetch(`${sts}/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: `${TOKEN_TYPE}:access_token`,
      subject_token_type: `${TOKEN_TYPE}:jwt`,
      subject_token: token,
      audience,
      scope: (scopes ?? EVERYTHING).join(' '),
    }),
  });
  const body = (await response.json()) as Readonly<Record<string, unknown>>;
  if (response.ok) return { token: String(body.access_token), lifetime: Number(body.expires_in) };
  const said = `${response.status} ${response.statusText}: ${body.error_description ?? JSON.stringify(body)}`;
  throw new Refused(response.status, `Unable to generate access token; STS returned ${said}\n`);
}

/** Makes a token of an account that the bearer of a federated one may act as. @throws Refused in Google's words */
export async function impersonate(
  credentials: string,
  email: string,
  token: string,
  scopes: readonly string[] = EVERYTHING,
): Promise<Token> {
  const path = `${credentials}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
  const { accessToken, expireTime } = await ask(path, token, { scope: scopes }, 'access');
  const lifetime = Math.floor((Date.parse(String(expireTime)) - Date.now()) / 1000);
  return { token: String(accessToken), lifetime };
}

/** Makes an ID token of an account. @throws Refused in Google's words */
export async function identityToken(
  credentials: string,
  email: string,
  token: string,
  query: { readonly audience: string; readonly includeEmail: boolean },
): Promise<string> {
  const path = `${credentials}/v1/projects/-/serviceAccounts/${email}:generateIdToken`;
  return String((await ask(path, token, query, 'identity')).token);
}

async function ask(
  url: string,
  token: string,
  body: object,
  kind: 'access' | 'identity',
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  if (response.ok) return answer;
  const { message = JSON.stringify(answer) } = (answer.error ?? {}) as { message?: string };
  const said = `${response.status} ${response.statusText}: ${message}`;
  throw new Refused(response.status, `Unable to generate ${kind} token; IAM returned ${said}${HINT}`);
}
