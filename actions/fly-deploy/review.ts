import { log, writeSummary } from '@gangway/action';
import { destroyApp, type Fly } from '@gangway/fly';
import { commentOnPullRequest } from '@gangway/github';
import type { Inputs } from './inputs.ts';

/** Destroys the app of a pull request that was closed, with all that is in it. */
export async function destroyReview(fly: Fly, app: string, { githubToken }: Inputs): Promise<void> {
  const there = await destroyApp(fly, app);
  const lead = there ? `Destroyed the app ${app}.` : `The app ${app} is gone already.`;
  log.info(lead);
  if (githubToken) await comment(githubToken, app, `\`${app}\` was destroyed with its pull request.`);
  await writeSummary({ title: `Fly.io app ${app}`, lead, facts: [], parts: [] });
}

/** Says once on the pull request where its app is. */
export async function tellReview(app: string, url: string, { githubToken }: Inputs): Promise<void> {
  if (githubToken)
    await comment(githubToken, app, url ? `\`${app}\` is at ${url}` : `\`${app}\` is deployed.`);
}

function comment(token: string, app: string, markdown: string): Promise<void> {
  return commentOnPullRequest(token, 'fly-deploy', app, markdown);
}
