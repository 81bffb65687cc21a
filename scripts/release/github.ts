import { runProgram } from './program.ts';

interface Asset {
  readonly name: string;
  readonly state: string;
  /** `sha256:HEX`, as GitHub computed it when the file was uploaded. */
  readonly digest: string | null;
}

/** What is read of GitHub's release object. */
export interface Release {
  readonly tag_name: string;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly immutable: boolean;
  readonly assets: readonly Asset[];
}

/** What is read of a workflow run. */
export interface WorkflowRun {
  readonly status: string;
  readonly conclusion: string | null;
  readonly html_url: string;
}

/** Runs GitHub's command line, which signs in with GH_TOKEN. */
export function gh(...args: string[]): string {
  return runProgram('gh', args).toString();
}

/**
 * All releases; drafts only when the token may write contents.
 * @see https://docs.github.com/en/rest/releases/releases#list-releases
 */
export function listReleases(repository: string): Release[] {
  const pages = gh('api', '--paginate', '--slurp', `repos/${repository}/releases?per_page=100`);
  return (JSON.parse(pages) as Release[][]).flat();
}

/**
 * The newest run of a workflow for a push of exactly this commit. A pull request's run is not one: it tests what the
 * merge would be.
 * @param workflow name of its file
 * @see https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
 */
export function newestPushRun(repository: string, workflow: string, commit: string): WorkflowRun | undefined {
  const path = `repos/${repository}/actions/workflows/${workflow}/runs`;
  const answer = gh('api', `${path}?event=push&head_sha=${commit}&per_page=1`);
  return (JSON.parse(answer) as { workflow_runs: WorkflowRun[] }).workflow_runs[0];
}
