import { ActionError } from '@gangway/action/error';

interface Cure {
  readonly when: RegExp;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What Google's token services say, and what a person does about it. */
const CURES: readonly Cure[] = [
  {
    when: /rejected by the attribute condition/i,
    code: 'attribute-condition',
    message: "the provider's attribute condition rejects this repository, branch or environment",
    hint: 'compare the condition of the workload identity provider with the repository and ref that this job runs for',
  },
  {
    when: /invalid_target|pool or provider is disabled or deleted/i,
    code: 'provider-not-found',
    message: 'there is no such workload identity pool or provider, or it is disabled',
    hint: 'check workload_identity_provider: project number, pool and provider, as "gcloud iam workload-identity-pools providers describe" prints the name',
  },
  {
    when: /audience in ID Token/i,
    code: 'audience',
    message: 'the provider accepts another audience than its own name',
    hint: 'add https://iam.googleapis.com/PROVIDER to the allowed audiences of the provider',
  },
  {
    when: /iam\.serviceAccounts\.getAccessToken/i,
    code: 'impersonation-denied',
    message: 'the federated identity may not impersonate the service account',
    hint: 'grant it roles/iam.workloadIdentityUser on the service account, for the principalSet of this repository; a new grant takes a few minutes',
  },
  {
    when: /Invalid JWT Signature|account not found/i,
    code: 'key-refused',
    message: 'the service account key is refused: it was deleted, or its account is gone or disabled',
    hint: 'make a new key, or better use workload_identity_provider, which needs none',
  },
  {
    when: /stale to sign-in|short-lived token|iat and exp|used too early/i,
    code: 'clock-skew',
    message: 'the token was refused for its time',
    hint: 'set the clock of this runner right',
  },
];

/**
 * Turns the failure of a token exchange into an error a person can act on. Never quotes a token.
 *
 * @param who the credentials that failed, as the log names them
 */
export function explain(error: unknown, who: string): ActionError {
  if (error instanceof ActionError) return error;
  const said = saying(error);
  const cure = CURES.find(({ when }) => when.test(said));
  return new ActionError(
    `No access token for ${who}: ${cure ? `${cure.message}. Google says: ${said}` : said}`,
    {
      code: cure?.code ?? 'authentication',
      hint: cure?.hint,
      cause: error,
    },
  );
}

/** The service's own words, from an OAuth error, a Google API error or a network error. */
function saying(error: unknown): string {
  const data = (error as { response?: { data?: unknown } }).response?.data;
  if (typeof data === 'object' && data !== null) {
    const { error: inner, error_description: description } = data as {
      error?: unknown;
      error_description?: string;
    };
    if (description) return `${inner}: ${description}`;
    if (typeof inner === 'object' && inner !== null && 'message' in inner) return String(inner.message);
  }
  return error instanceof Error ? error.message : String(error);
}
