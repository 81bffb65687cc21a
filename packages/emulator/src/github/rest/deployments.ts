import { createHash } from 'node:crypto';
import { timestamp } from '../../kernel/clock.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { failure, inRepository, notFound, paged, repositoryOf } from './access.ts';
import type { Deployment, DeploymentStatus } from './state.ts';

const MAY = ['deployments'];
const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];
/** Characters of a description. */
const LONGEST = 140;
const BOT = { login: 'github-actions[bot]', type: 'Bot' };

/** https://docs.github.com/en/rest/deployments */
export const deploymentRoutes: readonly Route<Context>[] = [
  inRepository('GET', '/deployments', MAY, list),
  inRepository('POST', '/deployments', MAY, create),
  inRepository('GET', '/deployments/{id}', MAY, get),
  inRepository('GET', '/deployments/{id}/statuses', MAY, listStatuses),
  inRepository('POST', '/deployments/{id}/statuses', MAY, createStatus),
];

function list(call: Call, { githubRepositories: repositories }: Context): Reply {
  const { query } = call;
  const fits = (deployment: Deployment) =>
    (['environment', 'ref', 'sha', 'task'] as const).every((name) => {
      const wanted = query.get(name) ?? 'none';
      return wanted === 'none' || wanted === deployment[name];
    });
  const all = [...repositories.of(repositoryOf(call)).deployments.values()].filter(fits).reverse();
  return { body: paged(call, all) };
}

interface Asked {
  readonly ref?: string;
  readonly task?: string;
  readonly environment?: string;
  readonly description?: string;
  readonly payload?: unknown;
  readonly transient_environment?: boolean;
  readonly production_environment?: boolean;
}

function create(call: Call, cloud: Context): Reply {
  const asked = json<Asked>(call);
  if (!asked.ref) return failure(422, 'Invalid request.\n\n"ref" wasn\'t supplied.');
  if ((asked.description?.length ?? 0) > LONGEST) return tooLong();
  const { environment = 'production', ref } = asked;
  const now = timestamp(cloud.clock.now());
  const deployment: Deployment = {
    id: cloud.githubRepositories.nextId(),
    // A branch or a tag has a commit, too.
    sha: /^[0-9a-f]{40}$/.test(ref) ? ref : createHash('sha1').update(ref).digest('hex'),
    ref,
    task: asked.task ?? 'deploy',
    environment,
    original_environment: environment,
    description: asked.description ?? null,
    payload: asked.payload ?? {},
    transient_environment: asked.transient_environment ?? false,
    production_environment: asked.production_environment ?? environment === 'production',
    creator: BOT,
    created_at: now,
    updated_at: now,
  };
  cloud.githubRepositories.of(repositoryOf(call)).deployments.set(deployment.id, deployment);
  return { status: 201, body: deployment };
}

function get(call: Call, { githubRepositories: repositories }: Context): Reply {
  const deployment = repositories.of(repositoryOf(call)).deployments.get(Number(call.params.id));
  return deployment ? { body: deployment } : notFound();
}

function listStatuses(call: Call, { githubRepositories: repositories }: Context): Reply {
  const { deployments, statuses } = repositories.of(repositoryOf(call));
  const id = Number(call.params.id);
  return deployments.has(id) ? { body: paged(call, (statuses.get(id) ?? []).toReversed()) } : notFound();
}

interface AskedStatus {
  readonly state?: string;
  readonly description?: string;
  readonly environment?: string;
  readonly log_url?: string;
  readonly target_url?: string;
  readonly environment_url?: string;
  readonly auto_inactive?: boolean;
}

function createStatus(call: Call, cloud: Context): Reply {
  const { deployments, statuses } = cloud.githubRepositories.of(repositoryOf(call));
  const deployment = deployments.get(Number(call.params.id));
  if (!deployment) return notFound();
  const asked = json<AskedStatus>(call);
  if (!asked.state || !STATES.includes(asked.state))
    return failure(422, `Validation Failed: state is not included in the list`);
  if ((asked.description?.length ?? 0) > LONGEST) return tooLong();
  const now = timestamp(cloud.clock.now());
  const add = (to: Deployment, more: Partial<DeploymentStatus> & { readonly state: string }) => {
    const status: DeploymentStatus = {
      ...{ description: '', log_url: '', environment_url: '', environment: to.environment },
      ...more,
      id: cloud.githubRepositories.nextId(),
      created_at: now,
    };
    statuses.set(to.id, [...(statuses.get(to.id) ?? []), status]);
    to.updated_at = now;
    return status;
  };
  const { state, description = '', environment = deployment.environment } = asked;
  const log_url = asked.log_url ?? asked.target_url ?? '';
  const urls = { log_url, environment_url: asked.environment_url ?? '' };
  const status = add(deployment, { state, description, environment, ...urls });
  if (state === 'success' && (asked.auto_inactive ?? true))
    for (const other of deployments.values()) {
      const isPrior = other.id < deployment.id && other.environment === deployment.environment;
      const isLasting = !other.transient_environment && !other.production_environment;
      if (isPrior && isLasting && statuses.get(other.id)?.at(-1)?.state === 'success')
        add(other, { state: 'inactive' });
    }
  return { status: 201, body: status };
}

function tooLong(): Reply {
  return failure(422, `Validation Failed: description is too long (maximum is ${LONGEST} characters)`);
}
