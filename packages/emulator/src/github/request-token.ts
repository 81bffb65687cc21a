import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Job } from '../kernel/service/job.ts';
import type { Platform } from '../kernel/service/platform.ts';
import { REPOSITORY } from '../seeded.ts';

type Signing = Pick<Platform, 'clock' | 'keys'>;

/** What a job may say of itself; GitHub derives the rest. */
export interface JobClaims {
  readonly repository: string;
  readonly repository_owner: string;
  readonly ref: string;
  readonly sha: string;
  readonly actor: string;
  readonly workflow: string;
  readonly workflow_ref: string;
  readonly job_workflow_ref: string;
  readonly event_name: string;
  /** Only a job that names an environment has one. */
  readonly environment?: string;
  readonly [claim: string]: string | undefined;
}

// GitHub lets a job run for six hours; the local cloud's exports must outlast a working day.
const LIFETIME = 12 * 3600;

/**
 * Makes the ACTIONS_ID_TOKEN_REQUEST_TOKEN of a job.
 *
 * @param claims claims of the job that differ from a push to `main` of `example/fastapi-on-cloud-run`, e.g.
 *   `{ repository: 'o/r', ref: 'refs/heads/x', environment: 'production' }`. `repository_owner` and the workflow
 *   references follow `repository` and `ref`. `immutable_subject: 'true'` is no claim: it makes the subject name ids, as
 *   those of repositories from July 2026 on do.
 */
export function githubRequestToken(cloud: Signing, claims: Readonly<Record<string, string>> = {}): string {
  const exp = Math.floor(cloud.clock.now() / 1000) + LIFETIME;
  const signed = [
    { typ: 'JWT', alg: 'HS256' },
    { job: { ...defaults(claims), ...claims }, exp },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${mac(cloud, signed)}`;
}

/** The claims that a job differs by, for {@link githubRequestToken}. */
export function claimsOf(job: Job): Record<string, string> {
  const { repository = REPOSITORY, event, environment, calledWorkflow } = job;
  const isPull = event === 'pull_request' || event === 'pull_request_review';
  const ref = job.ref ?? (isPull ? 'refs/pull/1/merge' : undefined);
  return {
    repository,
    ...(ref && { ref }),
    ...(event && { event_name: event }),
    ...(isPull && { head_ref: 'feature', base_ref: 'main' }),
    ...(environment && { environment }),
    ...(calledWorkflow && { job_workflow_ref: calledWorkflow }),
  };
}

/** The claims of the job that a request token was made for; undefined when it is not one or has expired. */
export function readRequestToken(cloud: Signing, token: string): JobClaims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const expected = Buffer.from(mac(cloud, `${header}.${payload}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const { job, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return exp * 1000 > cloud.clock.now() ? job : undefined;
}

function mac(cloud: Signing, text: string): string {
  return createHmac('sha256', cloud.keys.requestSecret).update(text).digest('base64url');
}

function defaults(claims: Readonly<Record<string, string>>): JobClaims {
  const repository = claims.repository ?? REPOSITORY;
  const ref = claims.ref ?? 'refs/heads/main';
  const workflowRef = claims.workflow_ref ?? `${repository}/.github/workflows/deploy.yml@${ref}`;
  return {
    repository,
    repository_owner: repository.split('/')[0] ?? '',
    ref,
    sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
    actor: 'octocat',
    workflow: 'deploy',
    workflow_ref: workflowRef,
    job_workflow_ref: workflowRef,
    event_name: 'push',
  };
}
