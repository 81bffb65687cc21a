import { randomUUID } from 'node:crypto';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { openRoute, type Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import type { Machine } from '../machines/machine.ts';
import type { Organization } from '../organization.ts';

/** Who issues Fly.io's ID tokens: below it every organization is an issuer of its own. */
export const FLY_ISSUER = 'https://oidc.fly.io';

/** Seconds, as in https://fly.io/docs/security/openid-connect/. */
const LIFETIME = 600;
const PATH = '/oidc.fly.io/{org}/.well-known';

/** What verifiers read of Fly.io's issuers, of which every organization has its own. */
export const flyOidcRoutes: readonly Route<Context>[] = [
  openRoute('GET', `${PATH}/openid-configuration`, discovery),
  openRoute('GET', `${PATH}/jwks`, async (_, cloud) => ({ body: await cloud.keys.jwks(FLY_ISSUER) })),
];

/** The issuer of an organization's machines. */
export function flyIssuer({ slug }: Organization): string {
  return `${FLY_ISSUER}/${slug}`;
}

/**
 * Signs an ID token for a machine (https://fly.io/docs/security/openid-connect/).
 *
 * @param audience default: the organization's page, as Fly.io has it
 */
export function machineIdToken(cloud: Context, machine: Machine, audience?: string): Promise<string> {
  const { app, name, region, image, instanceId } = machine;
  const { organization } = app;
  const iat = Math.floor(cloud.clock.now() / 1000);
  return cloud.keys.sign({
    jti: randomUUID(),
    iss: flyIssuer(organization),
    sub: `${organization.slug}:${app.name}:${name}`,
    aud: audience || `https://fly.io/${organization.slug}`,
    iat,
    nbf: iat,
    exp: iat + LIFETIME,
    app_id: String(app.numericId),
    app_name: app.name,
    org_id: String(organization.numericId),
    org_name: organization.slug,
    machine_id: machine.id,
    machine_name: name,
    machine_version: instanceId,
    image: `${image.registry}/${image.repository}${image.tag ? `:${image.tag}` : ''}`,
    image_digest: image.digest,
    region,
  });
}

/** The real document names the issuer's own JWKS; the local one names where it can be read. */
function discovery(call: Call, cloud: Context): Reply {
  const organization = cloud.fly.organizations.get(call.params.org ?? '');
  if (!organization) return { status: 404, body: { error: 'not found' } };
  return {
    body: {
      issuer: flyIssuer(organization),
      jwks_uri: `${cloud.origin}/oidc.fly.io/${organization.slug}/.well-known/jwks`,
      subject_types_supported: ['public'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
      claims_supported: [
        'sub',
        'aud',
        'exp',
        'iat',
        'iss',
        'jti',
        'nbf',
        'app_id',
        'app_name',
        'image',
        'image_digest',
        'machine_id',
        'machine_name',
        'machine_version',
        'org_id',
        'org_name',
        'region',
      ],
    },
  };
}
