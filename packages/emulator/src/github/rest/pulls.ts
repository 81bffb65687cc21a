import type { Call, Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { inRepository, notFound, repositoryOf } from './access.ts';

/** https://docs.github.com/en/rest/pulls/pulls */
export const pullRoutes: readonly Route<Context>[] = [
  inRepository('GET', '/pulls/{number}', ['pull-requests'], get),
];

function get(call: Call, { githubRepositories: repositories }: Context): Reply {
  const pull = repositories.of(repositoryOf(call)).pulls.get(Number(call.params.number));
  return pull ? { body: pull } : notFound();
}
