import { LIMITS, type Outgoing, send } from './send.ts';

/** What a page answered, as far as it is looked at. */
export interface Look {
  readonly status: number;
  /** The beginning of it. */
  readonly text: string;
  /** Where a redirect leads. */
  readonly location: URL | undefined;
}

/**
 * Looks at what is no API: a gateway, a service, a page. Tried once; any status is an answer, a redirect too; of a body that is
 * long, slow or endless the beginning will do.
 *
 * @throws RequestFailure when there is no answer
 */
export async function look(url: string, outgoing: Omit<Outgoing, 'redirects' | 'limit'> = {}): Promise<Look> {
  const answer = await send(url, { ...outgoing, redirects: 'tell', limit: Number.POSITIVE_INFINITY });
  const { status, headers } = answer;
  const to = status >= 300 && status < 400 ? headers.get('location') : null;
  const location = to === null ? undefined : (URL.parse(to, url) ?? undefined);
  return { status, text: await answer.excerpt(LIMITS.excerpt), location };
}
