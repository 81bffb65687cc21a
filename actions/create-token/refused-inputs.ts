import type { Refused } from '@gangway/action';
import { REFUSED_SIGN_IN } from '@gangway/auth';

/** Inputs of google-github-actions/auth that are others here. */
export const REFUSED: Readonly<Record<string, Refused>> = {
  ...REFUSED_SIGN_IN,
  token_format: { cure: 'write audience for an ID token, or scopes for an access token' },
  access_token_lifetime: { cure: 'write lifetime' },
  access_token_scopes: { cure: 'write scopes' },
  access_token_subject: { cure: 'leave it out: the action does not impersonate users' },
  id_token_audience: { cure: 'write audience' },
  id_token_include_email: { cure: 'leave it out: ID tokens have the email address', same: ['true'] },
};
