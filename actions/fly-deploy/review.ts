import { log, setOutputs, writeSummary } from '@gangway/action';
import { destroyApp, detachPostgres, type Fly } from '@gangway/fly';
import { commentOnPullRequest } from '@gangway/github';
import { code, url as linkTo, type Markdown, md } from '@gangway/markdown';
import type { Inputs } from './inputs.ts';

/** Destroys the app of a pull request that was closed or lost its label, with all that is in it. */
export async function destroyReview(
  fly: Fly,
  app: string,
  { githubToken, postgres, review }: Inputs,
): Promise<void> {
  setOutputs({ name: app, changed: false });
  if (postgres) await detachPostgres(fly, app, postgres);
  const there = await destroyApp(fly, app);
  setOutputs({ changed: there });
  const lead = there ? `Destroyed the app ${app}.` : `The app ${app} is already gone.`;
  log.info(lead);
  // A pull request that never had one is told nothing.
  if (githubToken && there)
    await comment(
      githubToken,
      app,
      md`${code(app)} was destroyed: the pull request ${review?.because ?? 'is closed'}.`,
    );
  await writeSummary({ title: `Fly.io app ${app}`, lead, facts: [], parts: [] });
}

/** Says once on the pull request where its app is. */
export async function tellReview(app: string, url: string, { githubToken }: Inputs): Promise<void> {
  if (githubToken)
    await comment(
      githubToken,
      app,
      url ? md`${code(app)} is at ${linkTo(url)}` : md`${code(app)} is deployed.`,
    );
}

function comment(token: string, app: string, markdown: Markdown): Promise<void> {
  return commentOnPullRequest(token, 'fly-deploy', app, markdown);
}
