import { createHash, randomUUID } from 'node:crypto';
import type { Call, Reply } from '../kernel/http/call.ts';
import { openRoute, type Route } from '../kernel/http/route.ts';
import type { Context } from './context.ts';
import { type JobClaims, readRequestToken } from './request-token.ts';

/** Who issues a GitHub Actions job's ID token (https://docs.github.com/actions/reference/security/oidc). */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

const ID_TOKEN_PATH = '/github/idtoken';
const LIFETIME = 300;

/** What GitHub's own document says may be in a token; `enterprise` and `enterprise_id` only where there is one. */
const CLAIMS = [
  'sub aud exp iat iss jti nbf ref sha repository repository_id repository_owner repository_owner_id enterprise enterprise_id',
  'run_id run_number run_attempt actor actor_id workflow workflow_ref workflow_sha head_ref base_ref event_name ref_type',
  'ref_protected environment environment_node_id job_workflow_ref job_workflow_sha repository_visibility runner_environment',
  'issuer_scope check_run_id',
].flatMap((names) => names.split(' '));

/** GitHub's OIDC provider: the ID token a job asks for, and what verifiers read. */
export const githubRoutes: readonly Route<Context>[] = [
  openRoute('GET', ID_TOKEN_PATH, idToken),
  openRoute('GET', '/github/.well-known/openid-configuration', discovery),
  openRoute('GET', '/github/.well-known/jwks', async (_, cloud) => ({
    body: await cloud.keys.jwks(GITHUB_ISSUER),
  })),
];

/** ACTIONS_ID_TOKEN_REQUEST_URL; as on GitHub it has a query, to which clients append `&audience=`. */
export function githubRequestUrl(cloud: Pick<Context, 'origin'>): string {
  return `${cloud.origin}${ID_TOKEN_PATH}?api-version=2.0`;
}

/**
 * The claims GitHub puts into a job's ID token.
 *
 * @param now milliseconds since the epoch
 * @see https://docs.github.com/actions/reference/security/oidc
 */
export function idTokenClaims(
  job: JobClaims,
  audience: string,
  now: number,
): { iss: string } & Record<string, unknown> {
  const iat = Math.floor(now / 1000);
  const { immutable_subject: immutable, ...said } = job;
  const ids = {
    repository_owner_id: job.repository_owner_id ?? stableId(job.repository_owner),
    repository_id: job.repository_id ?? stableId(job.repository),
  };
  return {
    jti: randomUUID(),
    sub: subject(job, immutable === 'true' ? ids : undefined),
    aud: audience,
    ...ids,
    actor_id: stableId(job.actor),
    repository_visibility: 'private',
    run_id: '1',
    run_number: '1',
    run_attempt: '1',
    head_ref: '',
    base_ref: '',
    ref_protected: 'false',
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    workflow_sha: job.sha,
    job_workflow_sha: job.job_workflow_ref === job.workflow_ref ? job.sha : stableSha(job.job_workflow_ref),
    runner_environment: 'github-hosted',
    check_run_id: String(stableId(`${job.repository}#check`)),
    ...(job.environment && { environment_node_id: `EN_${stableId(`${job.repository}#${job.environment}`)}` }),
    ...said,
    iss: GITHUB_ISSUER,
    nbf: iat - 600,
    iat,
    exp: iat + LIFETIME,
  };
}

async function idToken(call: Call, cloud: Context): Promise<Reply> {
  const token = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const job = token && readRequestToken(cloud, token);
  if (!job)
    return { status: 401, body: { $id: '1', message: 'The request token is not valid or has expired.' } };
  const audience = call.query.get('audience') || `https://github.com/${job.repository_owner}`;
  const value = await cloud.keys.sign(idTokenClaims(job, audience, cloud.clock.now()));
  return { body: { count: value.length, value } };
}

/** The real document names the issuer's own JWKS; the local one names where it can be read. */
function discovery(_: Call, cloud: Context): Reply {
  return {
    body: {
      issuer: GITHUB_ISSUER,
      jwks_uri: `${cloud.origin}/github/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: CLAIMS,
      scopes_supported: ['openid'],
    },
  };
}

/**
 * An environment wins over the event, the event over the ref; GitHub escapes colons in an environment's name.
 *
 * @param ids those that the subject names beside the names, where it does
 * @see https://docs.github.com/actions/reference/security/oidc#filtering-for-a-specific-environment
 * @see https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
 */
function subject(
  { repository, environment, event_name, ref }: JobClaims,
  ids?: { readonly repository_owner_id: string; readonly repository_id: string },
): string {
  const [owner, name] = repository.split('/');
  const of = ids ? `${owner}@${ids.repository_owner_id}/${name}@${ids.repository_id}` : repository;
  if (environment) return `repo:${of}:environment:${environment.replaceAll(':', '%3A')}`;
  if (event_name === 'pull_request') return `repo:${of}:pull_request`;
  return `repo:${of}:ref:${ref}`;
}

/** A commit that stays the same for a name. */
function stableSha(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

/** A number that stays the same for a name, as GitHub's ids do. */
function stableId(name: string): string {
  return String(createHash('sha256').update(name).digest().readUInt32BE(0));
}
