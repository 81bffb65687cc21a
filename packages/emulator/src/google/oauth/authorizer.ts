import { type Authorizer, bearerOf } from '../../kernel/access.ts';
import { insufficientScopes, serviceDisabled, unauthenticated } from '../../kernel/errors.ts';
import type { Credential } from '../../kernel/http/call.ts';
import { allowsApi } from '../tokens/api-scopes.ts';
import type { Context } from './context.ts';
import { selfSigned } from './service-account-jwt.ts';

/** Signs the callers of Google's APIs in by their bearer tokens, and says what they may do by IAM's policies. */
export function authorizerOf(cloud: Context): Authorizer {
  return {
    credentialOf: (authorization) => credentialOf(cloud, authorization),
    // The reasons are those of https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto.
    whyNot({ headers: { authorization } }) {
      if (!authorization) return unauthenticated('CREDENTIALS_MISSING');
      const token = bearerOf(authorization);
      return unauthenticated(token && cloud.tokens.whyRefused(token));
    },
    checkToken(call, api) {
      const { scopes, api: only } = call.credential ?? {};
      if (only !== undefined && only !== api) throw unauthenticated();
      const { scopes: taken = {} } = cloud.catalogue.find(({ name }) => name === api) ?? {};
      if (scopes && !allowsApi(scopes, taken, call)) throw insufficientScopes(api);
    },
    checkEnabled(api) {
      const { apis, project } = cloud;
      if (!apis.isEnabled(api)) throw serviceDisabled(api, apis.titleOf(api), project.number);
    },
    allows: (principal, permission, resource) => cloud.iam.allows(principal, permission, resource),
    require: (principal, permission, resource) => cloud.iam.require(principal, permission, resource),
  };
}

function credentialOf(cloud: Context, authorization: string | undefined): Credential | undefined {
  const token = bearerOf(authorization);
  if (!token) return undefined;
  const principal = cloud.tokens.verify(token);
  if (principal) return { principal, scopes: cloud.tokens.scopes(token), api: undefined };
  return selfSigned(cloud, token);
}
