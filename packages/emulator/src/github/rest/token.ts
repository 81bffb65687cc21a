import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Platform } from '../../kernel/service/platform.ts';

type Signing = Pick<Platform, 'clock' | 'keys'>;

/** What a job's token may do, as the `permissions` of a workflow say it. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

// As long as GitHub lets a job run, and a day for what the local cloud exports.
const LIFETIME = 24 * 3600;

/**
 * Makes a job's GITHUB_TOKEN for one repository.
 *
 * @param permissions e.g. `{ 'pull-requests': 'write' }`
 * @see https://docs.github.com/actions/reference/security/github_token
 */
export function githubToken(cloud: Signing, repository: string, permissions: Permissions): string {
  const exp = Math.floor(cloud.clock.now() / 1000) + LIFETIME;
  const claims = Buffer.from(JSON.stringify({ repository, permissions, exp })).toString('base64url');
  return `ghs_${claims}.${mac(cloud, claims)}`;
}

/** What a token is for; undefined when it is not one or has expired. */
export function readGithubToken(
  cloud: Signing,
  token: string,
): { readonly repository: string; readonly permissions: Permissions } | undefined {
  const [claims = '', signature = ''] = token.replace(/^ghs_/, '').split('.');
  const expected = Buffer.from(mac(cloud, claims));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const { exp, ...read } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
  return exp * 1000 > cloud.clock.now() ? read : undefined;
}

function mac(cloud: Signing, text: string): string {
  return createHmac('sha256', cloud.keys.requestSecret).update(`github-token ${text}`).digest('base64url');
}
