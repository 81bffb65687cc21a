/** A job of GitHub Actions, as far as somebody says what it is. */
export interface Job {
    /** `OWNER/NAME`; default `example/fastapi-on-cloud-run`. The seeded provider takes jobs of its owner. */
    readonly repository?: string;
    /** e.g. `refs/tags/v1`; default `refs/heads/main`, and `refs/pull/1/merge` for a pull request. */
    readonly ref?: string;
    /** Name of the event, e.g. `pull_request`; default `push`. */
    readonly event?: string;
    /** e.g. `production`; default none. */
    readonly environment?: string;
    /** The reusable workflow that the job is in, `OWNER/NAME/.github/workflows/FILE@REF`; default none: the job is the caller's own. */
    readonly calledWorkflow?: string;
}
