import { ActionError } from '@gangway/action/error';
import { tokenEndpoint } from '@gangway/google-cloud';
import { type AuthClient, GoogleAuth, type JWTInput } from 'google-auth-library';
import type { Source } from './authenticate.ts';
import { CLOUD_PLATFORM, projectOf, RENEW_BEFORE } from './workload-identity.ts';

interface CredentialsFile {
  readonly type?: string;
  readonly client_email?: string;
  readonly private_key?: string;
  readonly project_id?: string;
  readonly quota_project_id?: string;
}

const TYPES = [
  'service_account',
  'authorized_user',
  'external_account',
  'impersonated_service_account',
  'external_account_authorized_user',
];

/**
 * Credentials from the text of the `credentials_json` input: a service account key or any other configuration
 * that google-auth-library knows.
 *
 * @param mask called with the private key before anything else happens
 * @throws ActionError `credentials-json` when the text is not such a file
 */
export function credentialsFromJson(text: string, mask: (secret: string) => void): Source {
  const file = parse(text);
  if (file.private_key) mask(file.private_key);
  if (!file.type || !TYPES.includes(file.type)) {
    throw problem(`has the type "${file.type ?? ''}"`, `it must be one of ${TYPES.join(', ')}`);
  }
  if (file.type === 'service_account' && !(file.client_email && file.private_key)) {
    throw problem(
      'is a service account key without client_email or private_key',
      'paste the whole file that Google Cloud gave',
    );
  }
  const client = new GoogleAuth({ scopes: [CLOUD_PLATFORM] }).fromJSON(file as JWTInput, {
    eagerRefreshThresholdMillis: RENEW_BEFORE,
  });
  if ('scopes' in client) client.scopes = [CLOUD_PLATFORM];
  redirectTokenRequests(client);
  return {
    client,
    description: file.client_email
      ? `${file.client_email} by its key`
      : `credentials_json of type ${file.type}`,
    projectId:
      file.project_id ??
      (file.client_email ? projectOf(file.client_email) : undefined) ??
      file.quota_project_id,
  };
}

/** The library always asks Google's own token endpoint; gcloud's override must reach it all the same. */
export function redirectTokenRequests(client: AuthClient): void {
  client.transporter.interceptors.request.add({
    resolved: async (request) => {
      if (request.url.href === 'https://oauth2.googleapis.com/token') request.url = tokenEndpoint();
      return request;
    },
  });
}

/** JSON as it is, or in base64 as many keep it in a secret. */
function parse(text: string): CredentialsFile {
  for (const candidate of [text, Buffer.from(text, 'base64').toString('utf8')]) {
    try {
      const value: unknown = JSON.parse(candidate.trim().replace(/^\uFEFF/, ''));
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Not this form; the message below must not quote the text.
    }
  }
  throw problem('is not JSON', 'paste the file as it is, or in base64');
}

function problem(what: string, hint: string): ActionError {
  return new ActionError(`Input "credentials_json" ${what} (its text is not shown).`, {
    code: 'credentials-json',
    hint,
  });
}
