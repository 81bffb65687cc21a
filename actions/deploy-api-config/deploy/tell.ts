import { commentOnPullRequest } from '@gangway/github';
import type { Markdown } from '@gangway/markdown';
import type { Work } from '../plan/work.ts';

/** Keeps the one comment on the pull request about these gateways, where there is a token for that. */
export async function tell({ inputs }: Work, markdown: Markdown): Promise<void> {
  const { githubToken, api, gateway, locations } = inputs;
  if (githubToken)
    await commentOnPullRequest(
      githubToken,
      'deploy-api-config',
      `${api} ${gateway} ${locations.join(' ')}`,
      markdown,
      'preview',
    );
}
