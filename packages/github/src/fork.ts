import { readEvent } from '@gangway/action';

interface Repository {
  readonly full_name?: unknown;
}

/**
 * The repository that the run's pull request comes from, where that is not the one it is for, or where it was deleted
 * since. GitHub gives the run of such a pull request no secrets, no ID token and a token that may only read.
 *
 * @returns e.g. `octocat/hello`; undefined for a branch of the repository itself, and outside of pull requests
 * @throws ActionError `event-invalid` when the event can't be read
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
 */
export function forkOf(): string | undefined {
  const { pull_request: pull } = readEvent() ?? {};
  const { head, base } = Object(pull) as { head?: unknown; base?: unknown };
  const into = nameIn(base) ?? process.env.GITHUB_REPOSITORY;
  if (head === undefined || into === undefined) return undefined;
  const { repo } = Object(head) as { repo?: unknown };
  if (repo === null) return 'that was deleted';
  const from = nameIn(head);
  return from !== undefined && from.toLowerCase() !== into.toLowerCase() ? from : undefined;
}

function nameIn(side: unknown): string | undefined {
  const { repo } = Object(side) as { repo?: unknown };
  const { full_name: name } = Object(repo) as Repository;
  return typeof name === 'string' ? name : undefined;
}
