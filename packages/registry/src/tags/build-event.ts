/** What a tag may depend on: the event that started the workflow, as GitHub tells it to every step. */
export interface BuildEvent {
  /** e.g. `push`, `pull_request`, `schedule`. */
  readonly name: string;
  /** e.g. `refs/heads/main`, `refs/tags/v1.2.3`, `refs/pull/7/merge`; empty outside a workflow. */
  readonly ref: string;
  readonly sha: string | undefined;
  readonly shortSha: string | undefined;
  /** The repository's default branch; undefined where the event does not tell. */
  readonly defaultBranch: string | undefined;
  /** Branch that a pull request goes to, or that a pushed Git tag was pushed with. */
  readonly baseBranch: string | undefined;
  readonly runNumber: string | undefined;
  readonly repository: SourceRepository;
  /** When the commit was made; undefined where neither the event nor the checkout tells. */
  readonly committed: Date | undefined;
  readonly now: Date;
}

/** What the event says of the repository. */
interface SourceRepository {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly url: string | undefined;
  /** SPDX identifier. */
  readonly license: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The parts of a webhook's payload that are read (https://docs.github.com/en/webhooks/webhook-events-and-payloads). */
interface Payload {
  readonly repository?: {
    readonly name?: string;
    readonly description?: string | null;
    readonly html_url?: string;
    readonly default_branch?: string;
    readonly license?: { readonly spdx_id?: string } | null;
  };
  readonly number?: number;
  readonly base_ref?: string | null;
  readonly pull_request?: {
    readonly base?: { readonly ref?: string };
    readonly head?: { readonly sha?: string };
  };
  readonly commits?: readonly Commit[];
  readonly head_commit?: Commit | null;
}

interface Commit {
  readonly id?: string;
  readonly timestamp?: string;
}

/** Hex digits of a short SHA, as Git and docker/metadata-action write it. */
const SHORT = 7;

/**
 * Reads the event from a runner's variables and the webhook's payload, with the two variables of docker/metadata-action
 * that change it: DOCKER_METADATA_PR_HEAD_SHA and DOCKER_METADATA_SHORT_SHA_LENGTH.
 *
 * @param commitTime asks the checkout when a commit was made, where the payload does not tell
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function readBuildEvent(
  env: Environment,
  payload: unknown,
  now: Date,
  commitTime: (sha: string) => Date | undefined = () => undefined,
): BuildEvent {
  const event = isRecord(payload) ? (payload as Payload) : {};
  const name = env.GITHUB_EVENT_NAME ?? '';
  const head = env.DOCKER_METADATA_PR_HEAD_SHA === 'true' ? event.pull_request?.head?.sha : undefined;
  const sha = head || env.GITHUB_SHA || undefined;
  const length = Number(env.DOCKER_METADATA_SHORT_SHA_LENGTH) || SHORT;
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  const { repository } = event;
  // That event runs on the branch it goes to; the pull request is what it is about.
  const ref =
    name === 'pull_request_target' && event.number
      ? `refs/pull/${event.number}/merge`
      : (env.GITHUB_REF ?? '');
  return {
    name,
    ref,
    sha,
    shortSha: sha?.slice(0, length),
    defaultBranch: repository?.default_branch,
    baseBranch: baseOf(event, ref),
    runNumber: env.GITHUB_RUN_NUMBER || undefined,
    repository: {
      name: repository?.name ?? (env.GITHUB_REPOSITORY?.split('/')[1] || undefined),
      description: repository?.description?.trim() || undefined,
      url: repository?.html_url ?? (env.GITHUB_REPOSITORY ? `${server}/${env.GITHUB_REPOSITORY}` : undefined),
      license: repository?.license?.spdx_id || undefined,
    },
    committed: sha ? (timeIn(event, sha) ?? commitTime(sha)) : undefined,
    now,
  };
}

/** The branch, tag or pull request that a ref names, or undefined when it names another kind. */
export function refName(ref: string, kind: 'heads' | 'tags' | 'pull'): string | undefined {
  const prefix = `refs/${kind}/`;
  if (!ref.startsWith(prefix)) return undefined;
  const name = ref.slice(prefix.length);
  return (kind === 'pull' ? name.replace(/\/(merge|head)$/, '') : name) || undefined;
}

/** Whether the event is on the default branch; undefined where that can't be told. */
export function onDefaultBranch({ name, ref, defaultBranch }: BuildEvent): boolean | undefined {
  // Events that always run on the last commit of the default branch; their payload may not name it.
  if (/^(schedule|issues|issue_comment|discussion|discussion_comment)$/.test(name)) return true;
  const branch = refName(ref, 'heads');
  if (!branch) return ref ? false : undefined;
  return defaultBranch ? branch === defaultBranch : undefined;
}

function baseOf({ base_ref: pushedWith, pull_request: request }: Payload, ref: string): string | undefined {
  const base = /^refs\/tags\//.test(ref) ? pushedWith : /^refs\/pull\//.test(ref) ? request?.base?.ref : '';
  return base?.replace(/^refs\/heads\//, '') || undefined;
}

function timeIn({ commits = [], head_commit: head }: Payload, sha: string): Date | undefined {
  const { timestamp } = [...commits, ...(head ? [head] : [])].find(({ id }) => id === sha) ?? {};
  const time = timestamp ? new Date(timestamp) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
