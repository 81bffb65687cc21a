import type { Identity } from '../sources/source.ts';
import { describeClaims } from '../tokens/claims.ts';
import { accountCommand, grants, principalOf, providerCommand } from './gcloud-commands.ts';

interface Situation extends Identity {
  readonly serverTime: number | undefined;
}

export interface Cause {
  /** The error's code; docs/credentials.md lists each. */
  readonly code: string;
  /** Matches what Google says. */
  readonly when: RegExp;
  readonly message: (at: Situation) => string;
  readonly hint: (at: Situation) => string;
}

/** Why Google's token services refuse, by their own words, and what a person does about it. */
export const CAUSES: readonly Cause[] = [
  {
    code: 'attribute-condition',
    when: /rejected by the attribute condition/i,
    message: ({ claims }) =>
      `the attribute condition of the provider rejects this job. GitHub's token says of it:\n${describeClaims(claims)}`,
    hint: (at) =>
      `compare these with the condition, which this prints:\n  ${providerCommand('describe', at.provider, "--format='value(attributeCondition)'")}`,
  },
  {
    code: 'attribute-mapping',
    when: /google\.subject|mapped attribute/i,
    message: ({ claims }) =>
      `the attribute mapping of the provider does not fit GitHub's token, which says:\n${describeClaims(claims)}`,
    hint: (at) =>
      `look at the mapping, and map google.subject to assertion.sub:\n  ${providerCommand('describe', at.provider, "--format='yaml(attributeMapping)'")}`,
  },
  {
    code: 'provider-not-found',
    when: /invalid_target|pool or provider is disabled or deleted/i,
    message: ({ provider = '' }) => {
      const [, number, , , , pool, , name] = provider.split('/');
      return `project number ${number} has no workload identity pool "${pool}" with a provider "${name}", or one of them is disabled or deleted.`;
    },
    hint: (at) =>
      `compare workload_identity_provider with what this prints; the number in it is that of the project that holds the pool:\n  ${providerCommand('list', at.provider, "--format='table(name,state,disabled)'")}`,
  },
  {
    code: 'audience',
    when: /audience in ID Token/i,
    message: ({ provider }) =>
      `the provider takes tokens for another audience than https://iam.googleapis.com/${provider}, which is its own name.`,
    hint: (at) =>
      `allow that audience; the command replaces the list, so add those that others use:\n  ${providerCommand('update-oidc', at.provider, `--allowed-audiences=https://iam.googleapis.com/${at.provider}`)}`,
  },
  {
    code: 'issuer',
    when: /issuer in ID Token|credential's issuer/i,
    message: ({ claims }) => `the provider is not one for tokens of ${claims?.iss ?? 'GitHub'}.`,
    hint: (at) =>
      `name a provider that is, or set the issuer of this one:\n  ${providerCommand('update-oidc', at.provider, `--issuer-uri=${at.claims?.iss ?? 'https://token.actions.githubusercontent.com'}`)}`,
  },
  {
    code: 'impersonation-denied',
    when: /iam\.serviceAccounts\.(getAccessToken|getOpenIdToken|implicitDelegation)/i,
    message: (at) =>
      `${principalOf(at)} may not act as ${[...(at.delegates ?? []), at.serviceAccount].join(', then ')}, or there is no such account.`,
    hint: (at) =>
      `check the address, grant the role that is missing, and give a new grant a few minutes:\n${grants(at)
        .map((line) => `  ${line}`)
        .join('\n')}`,
  },
  {
    code: 'service-account-missing',
    when: /Gaia id not found|account not found|Account has been deleted/i,
    message: ({ serviceAccount }) => `there is no service account ${serviceAccount}.`,
    hint: (at) => `check the address, or list the existing ones:\n  ${accountCommand('list', at)}`,
  },
  {
    code: 'service-account-disabled',
    when: /Service account \S* ?is disabled|Robot is disabled|Account is disabled/i,
    message: ({ serviceAccount, delegates = [] }) =>
      `the service account ${[...delegates, serviceAccount].join(' or ')} is disabled.`,
    hint: (at) => `find out why, then enable it:\n  ${accountCommand('enable', at)}`,
  },
  {
    code: 'key-refused',
    when: /Invalid JWT Signature|No valid verifier/i,
    message: ({ serviceAccount, keyId }) =>
      `the key ${keyId ?? ''} of ${serviceAccount} is not, or no longer, one of its keys.`,
    hint: (at) =>
      `look for it among the existing keys, or better, use workload_identity_provider, which needs none:\n  ${accountCommand('keys list', at)}`,
  },
  {
    code: 'clock-skew',
    when: /stale to sign-in|from the future|short-lived token|iat and exp|used too early/i,
    message: ({ serverTime }) => `the token was refused for its time. ${skew(serverTime)}`,
    hint: () => 'correct the clock of this runner, e.g. with "timedatectl set-ntp true"',
  },
  {
    code: 'refresh-refused',
    when: /expired or revoked|invalid_rapt|OAuth client was not found|client secret is invalid/i,
    message: () => "the user's refresh token or its OAuth client is no longer good.",
    hint: () =>
      'sign in again with "gcloud auth application-default login"; in a workflow use workload_identity_provider, which does not depend on a person',
  },
  {
    code: 'lifetime-too-long',
    when: /lifetime[^.]*\b\d{4,5} seconds/i,
    message: ({ serviceAccount }) =>
      `an access token of ${serviceAccount} may not live that long: an hour, or up to twelve where a policy of the organization allows it.`,
    hint: () =>
      'ask for 1h at most, or list the account under constraints/iam.allowServiceAccountCredentialLifetimeExtension',
  },
  {
    code: 'api-disabled',
    when: /has not been used in project|it is disabled\. Enable it/i,
    message: () => 'an API that signing in needs is off.',
    hint: ({ provider = '' }) =>
      `enable both in the project that Google names:\n  gcloud services enable sts.googleapis.com iamcredentials.googleapis.com --project=${provider.split('/')[1] ?? 'PROJECT'}`,
  },
];

/** How far this runner's clock is off, when it is enough to matter. */
function skew(serverTime: number | undefined): string {
  const seconds = Math.round((Date.now() - (serverTime ?? Date.now())) / 1000);
  if (Math.abs(seconds) < 60) return "This runner's clock and Google's agree.";
  return `This runner's clock is ${Math.abs(seconds)} seconds ${seconds < 0 ? 'behind' : 'ahead of'} Google's.`;
}
