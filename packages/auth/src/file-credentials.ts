import { ActionError } from '@gangway/action/error';
import { endpoint, tokenEndpoint } from '@gangway/google-cloud';
import {
  type AuthClient,
  ExternalAccountAuthorizedUserClient,
  ExternalAccountClient,
  Impersonated,
  JWT,
  UserRefreshClient,
} from 'google-auth-library';
import { claimsOf } from './claims.ts';
import { type CredentialsFile, parseCredentials, repairPrivateKey } from './parse-credentials.ts';
import type { Identity, Source, Surroundings } from './source.ts';
import { CLOUD_PLATFORM, projectOf } from './workload-identity.ts';

/** The token client decides when to renew; asked for a token, the library must fetch one. */
const ALWAYS = 24 * 3600 * 1000;
const UNTOLD_LIFE = 300_000;

const MAKERS: Readonly<Record<string, (file: CredentialsFile) => AuthClient | null>> = {
  service_account: ({ client_email: email = '', private_key: key = '', private_key_id: keyId = '' }) =>
    new JWT({ email, key, keyId, scopes: [CLOUD_PLATFORM] }),
  authorized_user: (file) => new UserRefreshClient(fields(file)),
  external_account: (file) => ExternalAccountClient.fromJSON(fields(file)),
  external_account_authorized_user: (file) => new ExternalAccountAuthorizedUserClient(fields(file)),
  impersonated_service_account: (file) =>
    new Impersonated({
      sourceClient: clientOf(file.source_credentials ?? {}) ?? undefined,
      targetPrincipal: impersonated(file),
      targetScopes: [CLOUD_PLATFORM],
      delegates: (file.delegates as string[] | undefined) ?? [],
    } as ConstructorParameters<typeof Impersonated>[0]),
};

/**
 * Credentials from the text of a credential configuration: a service account key, or any other that Google's tools
 * write (https://google.aip.dev/auth/4110).
 *
 * @param name what holds the text, as a person knows it: `Input "credentials_json"`
 * @throws ActionError `credentials-json` when it can't be used; the text is never quoted
 */
export function fileCredentials(text: string, name: string, { mask, now = Date.now }: Surroundings): Source {
  const parsed = parseCredentials(text);
  if (!parsed) {
    throw problem(
      name,
      'is not JSON',
      'paste the file as it is, or in base64; if it is a path, set GOOGLE_APPLICATION_CREDENTIALS to it instead',
    );
  }
  maskSecrets(parsed, mask);
  const file = withGoodKey(parsed, name);
  if (file.private_key) mask(file.private_key);
  const client = clientOf(file);
  if (!client) {
    const types = Object.keys(MAKERS).join(', ');
    throw problem(name, `has the type "${file.type ?? ''}"`, `it must be one of ${types}`);
  }
  client.eagerRefreshThresholdMillis = ALWAYS;
  const identity: { -readonly [K in keyof Identity]: Identity[K] } = identityOf(file, name);
  watch(client, mask, (token) => {
    identity.claims = claimsOf(token);
  });
  return {
    description: identity.description,
    projectId: projectIn(file),
    identity: () => identity,
    async fetch() {
      const { token } = await client.getAccessToken();
      if (!token) throw new Error('The answer held no access token.');
      return { token, expires: client.credentials.expiry_date ?? now() + UNTOLD_LIFE };
    },
  };
}

/**
 * Points a client of the library at gcloud's endpoint overrides, which it does not know, and masks every token that
 * an answer holds, also those on the way to the last.
 *
 * @param onIdToken told of the OIDC token that is exchanged
 */
export function watch(
  client: AuthClient,
  mask: (secret: string) => void,
  onIdToken: (token: string) => void = () => {},
): void {
  client.transporter.interceptors.request.add({
    resolved: async (request) => {
      const { href, host, pathname } = request.url;
      if (href === 'https://oauth2.googleapis.com/token') request.url = tokenEndpoint();
      else if (host === 'sts.googleapis.com') request.url = new URL(pathname.slice(1), endpoint('sts'));
      else if (host === 'iamcredentials.googleapis.com')
        request.url = new URL(pathname.slice(1), endpoint('iamcredentials'));
      return request;
    },
  });
  client.transporter.interceptors.response.add({
    resolved: async (response) => {
      const { access_token, accessToken, id_token, value } = Object(response.data) as Record<string, unknown>;
      for (const token of [access_token, accessToken, id_token, value])
        if (typeof token === 'string') mask(token);
      if (typeof value === 'string') onIdToken(value);
      return response;
    },
  });
}

function clientOf(file: CredentialsFile): AuthClient | null {
  const client = MAKERS[file.type ?? '']?.(file) ?? null;
  if (client && 'scopes' in client) client.scopes = [CLOUD_PLATFORM];
  return client;
}

/** The library checks the fields that a type needs by itself. */
function fields<T>(file: CredentialsFile): T {
  return file as T;
}

function withGoodKey(file: CredentialsFile, name: string): CredentialsFile {
  if (file.type !== 'service_account') return file;
  if (!file.client_email || !file.private_key) {
    throw problem(
      name,
      'is a service account key without client_email or private_key',
      'paste the whole file that Google Cloud gave',
    );
  }
  const key = repairPrivateKey(file.private_key);
  if (!key) {
    throw problem(
      name,
      `is a service account key whose private_key is damaged or cut off (key ${file.private_key_id ?? 'without an id'})`,
      'paste the whole file again, best in base64: base64 -w0 key.json',
    );
  }
  return { ...file, private_key: key };
}

function identityOf(file: CredentialsFile, name: string): Identity {
  const account = file.client_email ?? impersonated(file);
  const kind = (file.type ?? '').replaceAll('_', ' ');
  const what = file.client_email ? 'by its key' : `by credentials of an ${kind}`;
  return {
    description: account ? `${account} ${what} (${name})` : `${kind} (${name})`,
    provider: file.audience?.replace(/^\/\/iam\.googleapis\.com\//, ''),
    serviceAccount: account,
    keyId: file.private_key_id,
  };
}

function impersonated({ service_account_impersonation_url: url }: CredentialsFile): string | undefined {
  return /([^/]+@[^/]+):generateAccessToken$/.exec(url ?? '')?.[1];
}

function projectIn(file: CredentialsFile): string | undefined {
  const email = file.client_email ?? impersonated(file);
  return (
    file.project_id ??
    (email && projectOf(email)) ??
    file.quota_project_id ??
    (file.source_credentials && projectIn(file.source_credentials))
  );
}

/** Every field that lets its holder sign in, at any depth. */
function maskSecrets(value: unknown, mask: (secret: string) => void): void {
  for (const [name, inner] of Object.entries(Object(value) as Record<string, unknown>)) {
    if (typeof inner === 'object') maskSecrets(inner, mask);
    else if (
      typeof inner === 'string' &&
      /^(private_key|client_secret|refresh_token|authorization)$/i.test(name)
    )
      mask(inner.replace(/^Bearer /i, ''));
  }
}

function problem(name: string, what: string, hint: string): ActionError {
  return new ActionError(`${name} ${what} (its text is not shown).`, { code: 'credentials-json', hint });
}
