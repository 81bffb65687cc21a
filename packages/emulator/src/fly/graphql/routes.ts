import { graphql } from 'graphql';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { root } from './root.ts';
import { schema } from './schema.ts';

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
  const {
    query = '',
    variables,
    operationName,
  } = json<{
    query?: string;
    variables?: Record<string, unknown>;
    operationName?: string;
  }>(call);
  const fault = cloud.fly.disturbances.ofQuery(query);
  if (fault) return { body: fault };
  return {
    body: await graphql({
      schema,
      source: query,
      rootValue: root(cloud, token),
      ...(variables && { variableValues: variables }),
      ...(operationName && { operationName }),
    }),
  };
}

function refusal(message: string, code: string): Reply {
  return { body: { data: null, errors: [{ message, extensions: { code } }] } };
}
