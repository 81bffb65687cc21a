import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, answerOf, etagOf, nodeAt, redirectOf } from '../../metadata/answer.ts';
import { type Account, accountOf } from './account.ts';
import type { Asker, MetadataSite } from './asker.ts';
import { Refused } from './tokens.ts';
import { metadataTree } from './tree.ts';

/** By its etag a client knows whether something has changed. */
type Answered = Answer & { readonly etag?: string };

const ROOT = 'computeMetadata/v1/';

/**
 * Answers for the metadata server of Kubernetes Engine: each pod finds the identity of its own Kubernetes service account there.
 *
 * @param asker whose request it is
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity#metadata_server
 */
export async function serveMetadata(
  request: IncomingMessage,
  response: ServerResponse,
  asker: Asker,
  site: MetadataSite,
): Promise<void> {
  const answer: Answered = await answered(request, asker, site).catch((error: unknown) => {
    if (error instanceof Refused) return text(error.message, error.status);
    throw error;
  });
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'metadata-flavor': 'Google',
    server: 'GKE Metadata Server',
    ...(answer.etag !== undefined && { etag: answer.etag }),
    ...(answer.location !== undefined && { location: answer.location }),
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answered(
  { method = 'GET', headers, url = '/' }: IncomingMessage,
  asker: Asker,
  site: MetadataSite,
): Promise<Answered> {
  const { pathname, searchParams } = new URL(url, 'http://metadata.google.internal');
  const path = decodeURIComponent(pathname).replace(/^\/+/, '');
  if (method !== 'GET' && method !== 'HEAD') return text('405 method not allowed\n', 405);
  if (path === '') return text('computeMetadata/\n');
  if (headers['x-forwarded-for'] !== undefined)
    return text('Requests that were forwarded are not answered.\n', 403);
  if (headers['metadata-flavor'] !== 'Google')
    return text('Missing required header "Metadata-Flavor": "Google"\n', 403);
  if (/^computeMetadata\/?$/.test(path)) return text('v1/\n');
  if (!path.startsWith(ROOT)) return missing();
  const rest = path.slice(ROOT.length);
  const account = accountOf(asker, site);
  const [, name, verb] = /^instance\/service-accounts\/([^/]+)\/(token|identity)$/.exec(rest) ?? [];
  if (name !== undefined)
    return [account.email, 'default'].includes(name)
      ? credential(account, verb ?? '', searchParams)
      : missing();
  const node = nodeAt(metadataTree(site, asker, account.email), rest);
  if (node === undefined) return missing();
  const recursive = searchParams.get('recursive') === 'true';
  const location = redirectOf(node, rest, recursive);
  if (location) return { ...text('A directory ends with a slash.\n', 301), location };
  return { ...answerOf(node, { recursive, alt: searchParams.get('alt') }), etag: etagOf(node) };
}

async function credential(account: Account, verb: string, query: URLSearchParams): Promise<Answer> {
  if (verb === 'identity') {
    const audience = query.get('audience');
    if (!audience) return text('non-empty audience parameter required\n', 400);
    return text(await account.identityToken(audience, query.get('format') === 'full'));
  }
  const { token, lifetime } = await account.accessToken(query.get('scopes')?.split(',').filter(Boolean));
  const body = { access_token: token, expires_in: lifetime, token_type: 'Bearer' };
  return { status: 200, type: 'application/json', body: JSON.stringify(body) };
}

function text(body: string, status = 200): Answer {
  return { status, type: 'application/text', body };
}

function missing(): Answer {
  return text('404 page not found\n', 404);
}
