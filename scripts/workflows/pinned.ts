/** What the `$/` of a workflow stands for. */
export interface Origin {
  /** `OWNER/NAME` of the repository that holds the actions. */
  readonly repository: string;
  /** The commit, in full, or another reference. */
  readonly reference: string;
  /** The version that the commit is, for the comment behind it. */
  readonly version?: string;
}

const SELF = /uses: \$\/(\S+)$/gm;
/** GitHub Enterprise Server refuses a workflow with a key that it doesn't know. */
const QUEUE = /^ +queue: max.*\n/gm;

/**
 * A public workflow as GitHub Enterprise Server and runners before 2.336.0 take it: without `$/`, each action by its
 * commit, and without the queue of waiting deployments. Everything else stays.
 *
 * @see https://github.blog/changelog/2026-07-30-reference-same-repository-actions-with-self-repository-syntax/
 * @see https://github.blog/changelog/2026-05-07-github-actions-concurrency-groups-now-allow-larger-queues
 */
export function pinned(workflow: string, { repository, reference, version }: Origin): string {
  const comment = version ? ` # ${version}` : '';
  return workflow
    .replace(SELF, (_, path: string) => `uses: ${repository}/${path}@${reference}${comment}`)
    .replace(QUEUE, '');
}

/** The same as a file that is handed out, with a head that says what it is and which release it is of. */
export function pinnedFile(name: string, workflow: string, origin: Origin): string {
  const { repository, version = origin.reference } = origin;
  return `# ${name} of ${repository} ${version} for GitHub Enterprise Server and for runners before 2.336.0: it names each action
# by its commit, in place of "$/". To update it, take the file of a later release.
#
${pinned(workflow, origin)}`;
}
