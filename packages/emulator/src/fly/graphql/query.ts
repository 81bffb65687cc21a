import { graphql } from 'graphql';
import type { Context } from '../context.ts';
import type { Token } from '../sign-in/token.ts';
import { root } from './root.ts';
import { schema } from './schema.ts';

/** A request of GraphQL (https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters). */
export interface Query {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** Answers a query by Fly.io's schema, as the holder of a token. */
export async function answerQuery(
  { query = '', variables, operationName }: Query,
  cloud: Context,
  token: Token,
): Promise<object> {
  return graphql({
    schema,
    source: query,
    rootValue: root(cloud, token),
    ...(variables && { variableValues: variables }),
    ...(operationName && { operationName }),
  });
}
