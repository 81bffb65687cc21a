import { githubRequestToken } from '@gangway/emulator';
import { find } from '@gangway/engine';
import { stringify } from 'yaml';
import { type ActEvent, type ActRun, runAct } from '../../scripts/act/run-act.ts';
import { published } from '../../scripts/act/workspace.ts';
import type { LocalCloud } from '../../scripts/local-cloud.ts';

export interface Call {
  /** Jobs of the caller's workflow, by id. */
  readonly jobs: Readonly<Record<string, object>>;
  /** Files of the caller's repository. */
  readonly files?: Readonly<Record<string, string>>;
  /** A pull request's event; default is a run by hand. */
  readonly pullRequest?: object;
  /** A comment's event. */
  readonly comment?: object;
  /** Claims of the jobs' ID tokens. */
  readonly claims?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Its variables; by default the local cloud's project, provider and accounts. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Secrets of the caller's repository, beside the job's token. */
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface Called {
  readonly run: ActRun;
  /** What act printed. */
  readonly said: string;
}

/** Runs a caller's workflow through act. Project, provider and account are variables of its repository. */
export async function callThroughAct(local: LocalCloud, call: Call): Promise<Called> {
  const { jobs, files = {}, pullRequest, comment, claims = {}, env = {}, secrets = {} } = call;
  const { stepEnvironment: steps } = local;
  const events: ActEvent[] = [];
  const on = pullRequest
    ? { pull_request: { types: ['opened', 'reopened', 'synchronize', 'closed', 'labeled', 'unlabeled'] } }
    : comment
      ? { issue_comment: { types: ['created'] } }
      : 'workflow_dispatch';
  const run = await runAct({
    act: find('act')[0] ?? '',
    base: '',
    local,
    onEvent: (event) => events.push(event),
    caller: { ...files, '.github/workflows/deploy.yml': stringify({ on, jobs }) },
    ...(pullRequest && { event: { name: 'pull_request', payload: pullRequest } }),
    ...(comment && { event: { name: 'issue_comment', payload: comment } }),
    secrets: { GITHUB_TOKEN: steps.GANGWAY_GITHUB_TOKEN ?? '', ...secrets },
    variables: call.variables ?? {
      GANGWAY_PROJECT_ID: steps.GOOGLE_CLOUD_PROJECT ?? '',
      GANGWAY_WORKLOAD_IDENTITY_PROVIDER: steps.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
      GANGWAY_SERVICE_ACCOUNT: steps.GANGWAY_SERVICE_ACCOUNT ?? '',
      GANGWAY_GATEWAY_SERVICE_ACCOUNT: steps.GANGWAY_GATEWAY_SERVICE_ACCOUNT ?? '',
    },
    env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubRequestToken(local.cloud, claims), ...env },
  });
  return { run, said: events.map(({ msg }) => msg?.trimEnd()).join('\n') };
}

/** A job that calls a reusable workflow, with these inputs. */
export function calling(
  workflow: string,
  inputs: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): object {
  const permissions = { contents: 'read', 'id-token': 'write' };
  return { permissions, uses: `${published}/.github/workflows/${workflow}@v1`, with: inputs, ...more };
}

/** A second project of the same cloud, in which the deployer and the owner may do what they may in the first. */
export function addProject({ cloud }: LocalCloud, id: string): void {
  for (const { role, members } of cloud.iam.get(`projects/${cloud.project.id}`).bindings)
    for (const member of members) cloud.iam.grant(`projects/${id}`, role, member);
}
