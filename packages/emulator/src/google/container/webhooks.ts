import { timingSafeEqual } from 'node:crypto';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import { type Principal, serviceAccount, user } from '../../kernel/principal.ts';
import type { WebhookContext } from './context.ts';
import { permissionFor } from './permissions.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * The webhooks of the clusters' API servers, for them alone. As with Kubernetes Engine, what IAM does not allow RBAC may.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/webhook/
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control#iam-interaction
 */
export const webhookRoutes: readonly Route<WebhookContext>[] = [
  asked('/authenticate', authenticate),
  asked('/authorize', authorize),
];

function asked(template: string, handler: Handler<WebhookContext>): Route<WebhookContext> {
  const guard = ({ headers }: Call, { clusterAccess }: WebhookContext): Reply | undefined => {
    const [, given64 = ''] = /^Basic (\S+)$/.exec(headers.authorization ?? '') ?? [];
    const given = Buffer.from(given64, 'base64');
    const wanted = Buffer.from(`apiserver:${clusterAccess.webhookToken}`);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return undefined;
    return { status: 401, body: { message: 'Only the API servers of the local cloud ask here.' } };
  };
  return route('POST', template, undefined, handler, { guard });
}

interface TokenReview {
  readonly apiVersion: string;
  readonly spec?: { readonly token?: string };
}

function authenticate(call: Call, { tokens, clusterAccess }: WebhookContext): Reply {
  const { apiVersion, spec } = json<TokenReview>(call);
  const token = spec?.token ?? '';
  const principal = tokens.verify(token);
  const scopes = tokens.scopes(token);
  const isGood = principal && (scopes?.includes(SCOPE) ?? true);
  if (!isGood) return { body: { apiVersion, kind: 'TokenReview', status: { authenticated: false } } };
  const username = nameOf(principal);
  clusterAccess.callers.set(username, principal);
  const status = { authenticated: true, user: { username, groups: ['system:authenticated'] } };
  return { body: { apiVersion, kind: 'TokenReview', status } };
}

/** An account by its e-mail, a federated identity by its whole name. */
function nameOf({ email, member }: Principal): string {
  return email ?? member;
}

interface AccessReview {
  readonly apiVersion: string;
  readonly spec?: {
    readonly user?: string;
    readonly resourceAttributes?: {
      readonly verb?: string;
      readonly resource?: string;
      readonly subresource?: string;
    };
  };
}

function authorize(call: Call, cloud: WebhookContext): Reply {
  const { apiVersion, spec = {} } = json<AccessReview>(call);
  const { user: name = '', resourceAttributes } = spec;
  const principal = cloud.clusterAccess.callers.get(name) ?? known(name);
  const { verb = '', resource = '', subresource } = resourceAttributes ?? {};
  const permission = resourceAttributes && permissionFor(verb, resource, subresource);
  const allowed =
    principal !== undefined &&
    permission !== undefined &&
    cloud.iam.allows(principal, permission, `projects/${cloud.project.id}`);
  const reason = allowed || !permission ? '' : `requires one of ["${permission}"] permission(s).`;
  return { body: { apiVersion, kind: 'SubjectAccessReview', status: { allowed, reason } } };
}

/** Whom a name stands for who has not called yet, as `kubectl auth can-i --as` asks. */
function known(name: string): Principal | undefined {
  if (!/^[^:@\s]+@[^:@\s]+$/.test(name)) return undefined;
  return name.endsWith('.gserviceaccount.com') ? serviceAccount(name) : user(name);
}
