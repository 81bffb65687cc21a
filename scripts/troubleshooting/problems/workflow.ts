import type { Family } from '../problem.ts';

export const WORKFLOW: Family = {
  title: 'Inputs and the workflow',
  problems: [
    {
      codes: ['input-missing'],
      says: 'Input "…" is required and was empty',
      why: 'The workflow does not set the input, or sets it from a secret, variable or output that is empty in this run.',
      fix: 'Set it under `with:`. If it comes from `secrets.` or `vars.`, check the name, and that the job names the environment that holds it.',
    },
    {
      codes: ['input-invalid'],
      says: 'Input "…" is not valid',
      why: 'The value has the wrong format. The message quotes it, unless it may be secret.',
      fix: 'Follow the hint. The reference page of the action has the format of each input, and [NAME=VALUE inputs](pairs.md) that of lists.',
    },
    {
      codes: ['input-conflict'],
      says: 'exclude each other, and both are set',
      why: 'Two inputs ask for different things, or one needs another that is empty.',
      fix: 'Keep one of them, or set the other. If it comes from a variable, that variable is empty in this run.',
    },
    {
      codes: ['input-unknown'],
      says: 'This action has no input "…"',
      why: 'The name is misspelled. GitHub only warns of that, and would run the step without the input.',
      fix: 'Use the name in the hint. Names have underscores: `env_vars`, not `env-vars`.',
    },
    {
      codes: ['checkout-missing'],
      says: 'but the workspace is empty: the repository is not checked out',
      why: 'No step before this one checks the repository out.',
      fix: 'Add `actions/checkout` before this step.',
    },
    {
      codes: ['dockerfile-missing'],
      says: 'There is no Dockerfile in …',
      why: '`context` has no file of that name.',
      fix: 'Set `file` or `context`, or build without a Dockerfile: `build: buildpacks`.',
    },
    {
      codes: ['metadata-invalid'],
      says: 'compare it with what "gcloud run services describe NAME --format export" prints',
      why: 'The file in `metadata` is not one that Cloud Run would accept. The message names the line.',
      fix: 'Correct the line. `gcloud run services describe NAME --format export` prints a file that is right.',
    },
    {
      codes: ['project-invalid'],
      says: 'has both include and exclude, and pack takes one of them',
      why: '`project.toml` can’t be read, or says two things at once.',
      fix: 'Correct the line that the annotation marks.',
    },
    {
      codes: ['spec'],
      says: "API Gateway can't serve …",
      why: 'The OpenAPI document has errors by the rules of API Gateway. Nothing was deployed.',
      fix: 'Correct what the annotations mark. [OpenAPI documents](openapi.md#diagnostics) explains each code. Run `gangway openapi` to check on your machine.',
    },
    {
      codes: ['no-pull-request'],
      says: 'Input "pull_request" is true, but this run is not for a pull request',
      why: 'The workflow was started by another event.',
      fix: 'Run the job on `pull_request` with the types `opened`, `reopened`, `synchronize` and `closed`.',
    },
    {
      codes: ['comment-author'],
      says: 'and starts no deploy',
      why: 'Someone who is not an owner, member or collaborator commented.',
      fix: 'Nothing. To skip the run instead, add the `if:` of the hint to the job.',
    },
    {
      codes: ['pull-request-closed'],
      says: 'which is closed: nothing would destroy its app again',
      why: 'A comment asked for a preview of a closed pull request.',
      fix: 'Reopen the pull request, then comment again.',
    },
    {
      codes: ['commit-time'],
      says: 'Input "reproducible" takes the time of the commit',
      why: 'The directory is no checkout of a commit, or the runner has no git.',
      fix: 'Add `actions/checkout` before this step, or set `SOURCE_DATE_EPOCH` under `env:`.',
    },
    {
      codes: [
        'event-invalid',
        'file-unreadable',
        'step-file',
        'outputs-lost',
        'environment-lost',
        'log-lost',
        'runner-temp',
      ],
      says: 'The environment variable … names …',
      why: 'A file or directory that the runner provides was changed, removed, or is not mounted in the container of the job.',
      fix: 'Leave `GITHUB_*` and `RUNNER_*` out of `env:`. On a self-hosted runner, check the disk and the mounts that the message names.',
    },
    {
      codes: ['endpoint-invalid'],
      says: 'is not a usable endpoint',
      why: 'A variable that points an action at another server holds something other than an `https` URL or a URL on 127.0.0.1.',
      fix: 'Unset the variable, unless you run against the [local cloud](local-cloud.md).',
    },
    {
      codes: ['cancelled'],
      says: 'The step was cancelled',
      why: 'Someone cancelled the run, a newer run replaced it, or the job timed out.',
      fix: 'Run the job again. It continues from what is there.',
    },
    {
      codes: ['local-cloud', 'incomplete', 'artifact'],
      says: 'The local cloud did not start: …',
      why: 'setup-local-cloud could not start the local cloud, or could not keep its record: a port is taken, Docker does not answer, or the runner refused the artifact.',
      fix: 'Follow the sentence in the message. Use the action from its repository: a copy of its folder alone lacks `dist/gangway`.',
    },
    {
      codes: ['id-token'],
      says: 'This job has the permission `id-token: write`',
      why: 'The local cloud signs ID tokens of its own, and does not accept those that GitHub gives the job.',
      fix: 'Leave `id-token` out of the permissions of jobs that use the local cloud.',
    },
  ],
};
