import { ActionError } from '@gangway/action/error';
import { GOOGLE_UNIVERSE } from '@gangway/google-cloud';
import { ExternalAccountAuthorizedUserClient, UserRefreshClient } from 'google-auth-library';
import { impersonate, impersonateIdToken, projectOf } from '../tokens/token-request.ts';
import { inUniverse } from '../universe.ts';
import { externalAccount } from './external-account.ts';
import { keySource } from './key-source.ts';
import { librarySource } from './library-source.ts';
import { type CredentialsFile, parseCredentials, repairPrivateKey } from './parse-credentials.ts';
import type { Identity, Source, Surroundings } from './source.ts';

type Maker = (file: CredentialsFile, name: string, surroundings: Surroundings) => Source;

const MAKERS: Readonly<Record<string, Maker>> = {
  service_account: serviceAccountKey,
  authorized_user(file, name, surroundings) {
    const client = new UserRefreshClient();
    client.fromJSON(file as Parameters<UserRefreshClient['fromJSON']>[0]);
    return librarySource({ client }, identityOf(file, name), projectIn(file), surroundings);
  },
  external_account: (file, name, surroundings) =>
    externalAccount(file, identityOf(file, name), projectIn(file), surroundings),
  external_account_authorized_user(file, name, surroundings) {
    const options = file as unknown as ConstructorParameters<typeof ExternalAccountAuthorizedUserClient>[0];
    const client = new ExternalAccountAuthorizedUserClient(options);
    return librarySource({ client }, identityOf(file, name), projectIn(file), surroundings);
  },
  impersonated_service_account: impersonated,
};

/**
 * Credentials from the text of a credential configuration: a service account key, or any other that Google's tools
 * write (https://google.aip.dev/auth/4110).
 *
 * @param name what holds the text, as a person knows it: `Input "credentials_json"`
 * @throws ActionError `credentials-json` when it can't be used; the text is never quoted
 */
export function fileCredentials(text: string, name: string, surroundings: Surroundings): Source {
  const file = parseCredentials(text);
  if (!file) {
    throw problem(
      name,
      'is not JSON',
      'paste the file as it is, or in base64; if it is a path, set GOOGLE_APPLICATION_CREDENTIALS to it instead',
    );
  }
  maskSecrets(file, surroundings.mask);
  return sourceOf(file, name, surroundings);
}

function sourceOf(file: CredentialsFile, name: string, surroundings: Surroundings): Source {
  const wrong = wrongField(file);
  if (wrong)
    throw problem(
      name,
      `has a field "${wrong}" that is of no use`,
      "paste the whole file again, as Google's tools wrote it",
    );
  const make = Object.hasOwn(MAKERS, file.type ?? '') ? MAKERS[file.type ?? ''] : undefined;
  if (make) return make(file, name, inUniverse(file.universe_domain, name, surroundings));
  const types = Object.keys(MAKERS).join(', ');
  throw problem(name, `has the type "${file.type ?? ''}"`, `it must be one of ${types}`);
}

function serviceAccountKey(file: CredentialsFile, name: string, surroundings: Surroundings): Source {
  const { client_email: email, private_key: given, private_key_id: keyId } = file;
  if (!email || !given) {
    throw problem(
      name,
      'is a service account key without client_email or private_key',
      'paste the whole file that Google Cloud gave',
    );
  }
  const key = repairPrivateKey(given);
  if (!key) {
    throw problem(
      name,
      `is a service account key whose private_key is damaged or cut off (key ${keyId ?? 'without an id'})`,
      'paste the whole file again, preferably in base64: base64 -w0 key.json',
    );
  }
  surroundings.mask(key);
  return keySource({ email, key, keyId }, identityOf(file, name), projectIn(file), surroundings);
}

/** What `gcloud auth application-default login --impersonate-service-account` writes. */
function impersonated(file: CredentialsFile, name: string, surroundings: Surroundings): Source {
  const { signal, mask, now = Date.now, universeDomain: universe = GOOGLE_UNIVERSE } = surroundings;
  const identity = identityOf(file, name);
  const { serviceAccount } = identity;
  if (!serviceAccount || !file.source_credentials) {
    throw problem(
      name,
      'is of type impersonated_service_account without an account or source_credentials',
      'paste the whole file that gcloud wrote',
    );
  }
  const source = sourceOf(file.source_credentials, `${name}, source_credentials`, surroundings);
  const delegates = (file.delegates as string[] | undefined)?.map((account) => account.replace(/^.*\//, ''));
  const impersonation = { serviceAccount, universe, ...(delegates && { delegates }) };
  const toImpersonateWith = async () => {
    const { token } = await source.fetch();
    mask(token);
    return token;
  };
  return {
    description: identity.description,
    projectId: projectIn(file),
    universeDomain: universe,
    identity: () => ({ ...identity, ...(delegates && { delegates }) }),
    async fetch(wanted) {
      return impersonate(impersonation, await toImpersonateWith(), wanted, { now, signal });
    },
    async fetchIdToken(audience) {
      return impersonateIdToken(impersonation, await toImpersonateWith(), audience, signal);
    },
  };
}

function identityOf(file: CredentialsFile, name: string): Identity {
  const account = file.client_email ?? targetOf(file);
  const kind = (file.type ?? '').replaceAll('_', ' ');
  const what = file.client_email ? 'by its key' : `by credentials of type ${kind}`;
  return {
    description: account ? `${account} ${what} (${name})` : `${kind} (${name})`,
    serviceAccount: account,
    keyId: file.private_key_id,
  };
}

function targetOf({ service_account_impersonation_url: url }: CredentialsFile): string | undefined {
  return /([^/]+@[^/]+):generateAccessToken$/.exec(url ?? '')?.[1];
}

function projectIn(file: CredentialsFile): string | undefined {
  const email = file.client_email ?? targetOf(file);
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

const TEXTS = [
  'audience',
  'client_email',
  'client_id',
  'client_secret',
  'private_key',
  'private_key_id',
  'project_id',
  'quota_project_id',
  'refresh_token',
  'subject_token_type',
  'type',
  'universe_domain',
];
const URLS = ['service_account_impersonation_url', 'token_url', 'token_uri'];

/** A field of another type than Google's tools write, if there is one. */
function wrongField(file: CredentialsFile): string | undefined {
  const { delegates, source_credentials: inner } = file;
  if (
    delegates !== undefined &&
    !(Array.isArray(delegates) && delegates.every((one) => typeof one === 'string'))
  )
    return 'delegates';
  if (inner !== undefined && (typeof inner !== 'object' || inner === null)) return 'source_credentials';
  if (file.type === 'external_account' && !file.token_url) return 'token_url';
  const isText = (field: string) => typeof file[field] === 'string';
  return (
    [...TEXTS, ...URLS].find(
      (field) => file[field] !== undefined && file[field] !== null && !isText(field),
    ) ?? URLS.find((field) => isText(field) && !URL.canParse(String(file[field])))
  );
}

function problem(name: string, what: string, hint: string): ActionError {
  return new ActionError(`${name} ${what} (its text is not shown).`, { code: 'credentials-json', hint });
}
