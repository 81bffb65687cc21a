import type { Family } from '../problem.ts';

export const FLY: Family = {
  title: 'Fly.io',
  problems: [
    {
      codes: ['token-expired', 'token-read-only', 'token-refused'],
      says: 'The Fly token expired at …',
      why: 'The token expired, was revoked, or may only read.',
      fix: 'Make a new one with `fly tokens create deploy --app APP`, and store it in the secret.',
    },
    {
      codes: ['token-other-app', 'token-other-organization', 'token-app-only'],
      says: 'The Fly token is a deploy token of …',
      why: 'The token is for another app or organization. Previews need an organization token, which can create apps.',
      fix: 'Make the token with the command in the message.',
    },
    {
      codes: ['app-missing'],
      says: 'check the name; "fly apps create …"',
      why: 'There is no app of that name, or the token does not see it.',
      fix: 'Create it: `fly apps create APP`.',
    },
    {
      codes: ['app-taken'],
      says: 'is taken by an app that the token does not see',
      why: 'Names are unique across all of Fly.io.',
      fix: 'Choose another name.',
    },
    {
      codes: ['organization-other'],
      says: 'Input "org" names the organization …, but the app …',
      why: 'The app belongs to another organization than `org` says.',
      fix: 'Check the name of the app, or leave `org` out.',
    },
    {
      codes: ['config-invalid'],
      says: "which flyctl can't read",
      why: '`fly.toml` has an error, or an input contradicts it.',
      fix: 'Run `flyctl config validate`.',
    },
    {
      codes: ['flyctl-missing'],
      says: 'but there is no flyctl on the PATH',
      why: '`flyctl_version` is `path`, and nothing installed flyctl; or the program does not run on this machine.',
      fix: 'Leave `flyctl_version` out.',
    },
    {
      codes: ['deploy-locked'],
      says: 'Waited for …',
      why: 'Another deploy of the app holds its lock for longer than `lock_timeout`.',
      fix: 'Give the workflow a `concurrency` group, or raise `lock_timeout`.',
    },
    {
      codes: ['release-command-failed'],
      says: 'The release command "…" failed with exit code …',
      why: 'The command of `[deploy] release_command` failed. No machine was changed.',
      fix: 'Read the last lines in the message, correct the cause, and deploy again.',
    },
    {
      codes: ['deploy-failed'],
      says: 'look at the log of the machines that are named',
      why: 'Some machines do not run the new image, are not started, or fail their checks. The message names each.',
      fix: 'Run `fly logs`. Deploy again, or set `rollback: true`.',
    },
    {
      codes: ['rolled-back', 'rollback-failed'],
      says: 'The app was rolled back to …',
      why: 'The deploy failed and `rollback` is `true`.',
      fix: 'Correct what the first line of the message says. If rolling back failed too, look at `fly status` now.',
    },
    {
      codes: ['no-machine'],
      says: 'so nothing can be deployed there',
      why: '`regions` or `process_groups` names nothing that has a machine.',
      fix: 'Correct the input, or create a machine: `fly scale count --region REGION`.',
    },
    {
      codes: ['postgres'],
      says: 'The managed Postgres cluster …',
      why: 'The cluster belongs to another organization, is not ready, or the token may not attach it.',
      fix: 'Check `fly mpg list`. Use an organization token.',
    },
    {
      codes: ['fly-api'],
      says: '(fly-request-id …)',
      why: 'Fly.io refused a request or is not available. The message quotes it.',
      fix: 'Run the job again. If it persists, look at [status.flyio.net](https://status.flyio.net).',
    },
  ],
};
