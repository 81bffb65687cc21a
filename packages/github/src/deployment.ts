import { cancellation, log, mask } from '@gangway/action';
import { fields, list, number, object, text } from '@gangway/http';
import { callGithub } from './client.ts';
import { pullRequest } from './pull-request.ts';

/** What GitHub shows of a deploy. */
export interface Deployment {
  /** e.g. `production`; made by GitHub when it is not there. */
  readonly environment: string;
  /** Tells the deployments of different steps to one environment apart, e.g. `cloud-run hello`. */
  readonly subject: string;
  /** Whether the environment goes again, as that of a pull request. */
  readonly isTransient: boolean;
}

const DEPLOYMENT = fields<{ id: number }>({ id: number }, 'id');
const DEPLOYMENTS = list(fields<{ id: number; task?: string }>({ id: number, task: text }, 'id'));
const STATUSES = list(fields<{ state?: string }>({ state: text }));
/** Deployments of an environment that are made inactive: GitHub keeps many. */
const MOST = 30;
/** Characters of a description. */
const LONGEST = 140;

/**
 * Records a deployment on GitHub around some work: in progress, then a success with its URL, or a failure; each with a link
 * to the run's log. That it can't be recorded is a warning: it says nothing about the deploy.
 *
 * @param urlOf the environment's URL, of what came of the work; empty for none
 * @throws what the work throws
 * @see https://docs.github.com/en/rest/deployments/deployments
 */
export async function recordDeployment<T>(
  token: string,
  deployment: Deployment,
  work: () => Promise<T>,
  urlOf: (result: T) => string,
): Promise<T> {
  mask(token);
  const id = await quietly(`No deployment to ${deployment.environment} was recorded on GitHub`, () =>
    start(token, deployment),
  );
  if (id === undefined) return work();
  const end = (state: string, url = '') =>
    quietly(`The deployment ${id} was not ended on GitHub`, () => setStatus(token, id, state, url));
  try {
    const result = await work();
    const url = urlOf(result);
    await end('success', url);
    log.info(`GitHub shows the deployment in ${deployment.environment}${url ? `, at ${url}` : ''}.`);
    return result;
  } catch (error) {
    // By a cancelled step nothing is sent anymore.
    if (!cancellation.aborted) await end('failure');
    throw error;
  }
}

/**
 * Ends the deployments to an environment: what they deployed is gone. That they can't be ended is a warning.
 *
 * @see https://docs.github.com/en/rest/deployments/statuses
 */
export async function endDeployments(
  token: string,
  { environment, subject }: Pick<Deployment, 'environment' | 'subject'>,
): Promise<void> {
  mask(token);
  await quietly(`The deployments to ${environment} were not ended on GitHub`, async () => {
    const query = new URLSearchParams({ environment, task: taskOf(subject), per_page: String(MOST) });
    const found = await callGithub(token, 'GET', `${root()}/deployments?${query}`, DEPLOYMENTS);
    for (const { id } of found) {
      const [last] = await callGithub(token, 'GET', `${root()}/deployments/${id}/statuses`, STATUSES);
      if (last?.state !== 'inactive') await setStatus(token, id, 'inactive');
    }
    if (found.length > 0) log.info(`GitHub shows ${environment} as inactive.`);
  });
}

async function start(token: string, { environment, subject, isTransient }: Deployment): Promise<number> {
  const { id } = await callGithub(token, 'POST', `${root()}/deployments`, DEPLOYMENT, {
    ref: refOf(),
    task: taskOf(subject),
    environment,
    // Merges nothing, and asks no checks of others.
    auto_merge: false,
    required_contexts: [],
    transient_environment: isTransient,
    production_environment: environment === 'production',
  });
  await setStatus(token, id, 'in_progress');
  return id;
}

function setStatus(token: string, id: number, state: string, url = ''): Promise<unknown> {
  return callGithub(token, 'POST', `${root()}/deployments/${id}/statuses`, object, {
    state,
    log_url: runUrl(),
    ...(url && { environment_url: url }),
  });
}

/** The commit that is deployed: of a pull request its last one, and not the merge that GitHub made for the run. */
function refOf(): string {
  return pullRequest()?.headSha ?? process.env.GITHUB_SHA ?? process.env.GITHUB_REF ?? '';
}

function taskOf(subject: string): string {
  return `deploy ${subject}`.slice(0, LONGEST);
}

function root(): string {
  return `repos/${process.env.GITHUB_REPOSITORY}`;
}

function runUrl(): string {
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: name } = process.env;
  return `${server}/${name}/actions/runs/${process.env.GITHUB_RUN_ID}`;
}

async function quietly<T>(failed: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(
      `${failed}: ${error instanceof Error ? error.message : error}\nTo fix it: add "permissions: deployments: write" to the job; a pull request from a fork never gets it`,
    );
    return undefined;
  }
}
