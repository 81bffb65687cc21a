import { timestamp } from '../../kernel/clock.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { failure, inRepository, notFound, paged, repositoryOf } from './access.ts';
import type { Comment } from './state.ts';

/** Characters. */
const LONGEST = 65_536;
/** Comments on pull requests are those of their issues. */
const MAY = ['issues', 'pull-requests'];

/** https://docs.github.com/en/rest/issues/comments */
export const commentRoutes: readonly Route<Context>[] = [
  inRepository('GET', '/issues/{number}/comments', MAY, list),
  inRepository('POST', '/issues/{number}/comments', MAY, create),
  inRepository('PATCH', '/issues/comments/{id}', MAY, update),
  inRepository('DELETE', '/issues/comments/{id}', MAY, remove),
];

function list(call: Call, { githubRepositories: repositories }: Context): Reply {
  const { comments } = repositories.of(repositoryOf(call));
  return { body: paged(call, comments.get(Number(call.params.number)) ?? []) };
}

function create(call: Call, cloud: Context): Reply {
  const { body } = json<{ body?: unknown }>(call);
  const refused = refusal(body);
  if (refused) return refused;
  const { comments } = cloud.githubRepositories.of(repositoryOf(call));
  const number = Number(call.params.number);
  const now = timestamp(cloud.clock.now());
  const comment: Comment = {
    id: cloud.githubRepositories.nextId(),
    body: String(body),
    user: { login: 'github-actions[bot]', type: 'Bot' },
    author_association: 'NONE',
    created_at: now,
    updated_at: now,
  };
  comments.set(number, [...(comments.get(number) ?? []), comment]);
  return { status: 201, body: comment };
}

function update(call: Call, cloud: Context): Reply {
  const found = find(call, cloud);
  if (!found) return notFound();
  const { body } = json<{ body?: unknown }>(call);
  const refused = refusal(body);
  if (refused) return refused;
  found.comment.body = String(body);
  found.comment.updated_at = timestamp(cloud.clock.now());
  return { body: found.comment };
}

function remove(call: Call, cloud: Context): Reply {
  const found = find(call, cloud);
  if (!found) return notFound();
  found.all.splice(found.all.indexOf(found.comment), 1);
  return { status: 204 };
}

function find(
  call: Call,
  { githubRepositories: repositories }: Context,
): { comment: Comment; all: Comment[] } | undefined {
  const id = Number(call.params.id);
  for (const all of repositories.of(repositoryOf(call)).comments.values()) {
    const comment = all.find((one) => one.id === id);
    if (comment) return { comment, all };
  }
  return undefined;
}

function refusal(body: unknown): Reply | undefined {
  if (typeof body !== 'string') return failure(422, 'Invalid request.\n\n"body" wasn\'t supplied.');
  if (body.trim() === '') return failure(422, "Validation Failed: body can't be blank");
  if (body.length > LONGEST)
    return failure(422, `Validation Failed: body is too long (maximum is ${LONGEST} characters)`);
  return undefined;
}
