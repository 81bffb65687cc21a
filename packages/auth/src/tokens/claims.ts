/** The claims of GitHub's OIDC token that conditions and grants are written on, in the order a person looks for them. */
const TELLING = [
  'sub',
  'aud',
  'repository',
  'repository_owner',
  'repository_id',
  'repository_owner_id',
  'ref',
  'environment',
  'event_name',
  'actor',
  'workflow_ref',
  'job_workflow_ref',
  'repository_visibility',
  'runner_environment',
];

/** What a JWT says, read without proof: only for telling a person. Undefined when it is no JWT. */
export function claimsOf(jwt: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The telling claims, one per line; none of them is a secret. */
export function describeClaims(claims: Readonly<Record<string, unknown>> | undefined): string {
  return TELLING.filter((name) => claims?.[name] !== undefined)
    .map((name) => `  ${name}: ${String(claims?.[name])}`)
    .join('\n');
}
