import { type Contracts, service } from '../../contracts.ts';
import type { Platform } from '../../kernel/service/platform.ts';
import { AccessTokens } from './access-tokens.ts';
import { authorizerOf } from './authorizer.ts';
import type { OAuthState } from './context.ts';
import { idTokensOf } from './id-token.ts';
import { GOOGLE_ISSUER } from './issuer.ts';
import { oauthRoutes } from './oauth.ts';
import { standingOf } from './standing.ts';

/** What tells whether tokens that were given out are still good. */
type SignInNeeds = Platform & Pick<Contracts, 'accounts' | 'pools'>;

/** Google's OAuth 2.0 endpoints, whose paths clients know by heart, and what signs callers in to every API. */
export const oauth = service({
  name: 'oauth2.googleapis.com',
  title: "Google's OAuth 2.0 endpoints",
  hosts: ['accounts.google.com', 'www.googleapis.com'],
  prefix: undefined,
  issuer: {
    issuer: GOOGLE_ISSUER,
    alias: 'accounts.google.com',
    jwksUris: ['https://www.googleapis.com/oauth2/v3/certs', 'https://www.googleapis.com/oauth2/v1/certs'],
  },
  needs: ['accounts', 'pools', 'apis', 'iam'],
  state: (context: SignInNeeds): OAuthState => ({
    tokens: new AccessTokens(context.clock, standingOf(context)),
  }),
  provides: (context) => ({
    tokens: context.tokens,
    idTokens: idTokensOf(context),
    authorizer: authorizerOf(context),
  }),
  routes: oauthRoutes,
  save: ({ tokens }) => tokens.save(),
  restore: ({ tokens }, saved) => tokens.restore(saved),
  env: ({ origin }) => ({
    CLOUDSDK_AUTH_TOKEN_HOST: `${origin}/token`,
    GHA_ENDPOINT_OVERRIDE_oauth2: origin,
  }),
});
