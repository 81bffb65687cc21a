import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import type { Query } from './query.ts';

const UNAUTHORIZED = refusal('You must be authenticated to view this.', 'UNAUTHORIZED');

/** Fly.io's GraphQL API, `https://api.fly.io/graphql`. */
export const graphqlRoutes: readonly Route<Context>[] = [
  route('POST', '/graphql', undefined, answer, {
    guard: (call, cloud) =>
      cloud.fly.tokens.ofHeader(call.headers.authorization) ? undefined : UNAUTHORIZED,
    // The words are ours.
    tooLarge: () => ({ ...refusal('The request is too large.', 'BAD_REQUEST'), status: 413 }),
  }),
];

async function answer(call: Call, cloud: Context): Promise<Reply> {
  const token = cloud.fly.tokens.ofHeader(call.headers.authorization);
  if (!token) return UNAUTHORIZED;
  const asked = json<Query>(call);
  const fault = cloud.fly.disturbances.ofQuery(asked.query ?? '');
  if (fault) return { body: fault };
  // Its library and the schema take a tenth of a second to load, which only who asks waits for.
  const { answerQuery } = await import('./query.ts');
  return { body: await answerQuery(asked, cloud, token) };
}

function refusal(message: string, code: string): Reply {
  return { body: { data: null, errors: [{ message, extensions: { code } }] } };
}
