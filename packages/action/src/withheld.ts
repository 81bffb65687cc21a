import { readEvent } from './event.ts';

/** Why GitHub gives this run neither secrets nor an OIDC token, and what to do about it. */
export interface Withheld {
  readonly code: 'fork-pull-request' | 'dependabot';
  readonly what: string;
  readonly cure: string;
}

interface Event {
  readonly pull_request?: { readonly head?: { readonly repo?: { readonly full_name?: string } | null } };
}

/**
 * Tells whether GitHub withholds secrets and write permissions from this run: it does from pull requests of forks
 * and from what Dependabot starts
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request).
 *
 * @returns undefined when it does not
 */
export function withheld(): Withheld | undefined {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_REPOSITORY: repository, GITHUB_ACTOR: actor } = process.env;
  if (!name.startsWith('pull_request') && actor !== 'dependabot[bot]') return undefined;
  // pull_request_target and what else runs in the context of the base gets them all.
  if (name === 'pull_request_target') return undefined;
  const { pull_request: pull } = event();
  const head = pull && (pull.head?.repo?.full_name ?? 'a repository that is gone');
  if (head && head !== repository) {
    return {
      code: 'fork-pull-request',
      what: `This is a pull request from a fork (${head}): GitHub gives it no secrets and no OIDC token.`,
      cure: `skip the job there: if: github.event.pull_request.head.repo.full_name == github.repository`,
    };
  }
  if (actor === 'dependabot[bot]') {
    return {
      code: 'dependabot',
      what: 'Dependabot started this run: GitHub gives it Dependabot secrets only, and a read-only token.',
      cure: `skip the job for it: if: github.actor != 'dependabot[bot]'; or add the secret under Settings > Secrets > Dependabot`,
    };
  }
  return undefined;
}

function event(): Event {
  try {
    return (readEvent() ?? {}) as Event;
  } catch {
    // It only helps to explain another error.
    return {};
  }
}
