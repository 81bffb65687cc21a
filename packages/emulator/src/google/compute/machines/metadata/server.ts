import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { BodyTooLarge, readBody } from '../../../../kernel/http/request-body.ts';
import { serviceAccount } from '../../../../kernel/principal.ts';
import { type Answer, answerOf, etagOf, nodeAt, redirectOf } from '../../../metadata/answer.ts';
import type { Context } from '../../context.ts';
import type { Resource } from '../../state.ts';
import { accountNamed, mayTell, metadataTree } from './tree.ts';

/** Seconds that a token of a machine lives, at most (https://cloud.google.com/compute/docs/access/authenticate-workloads#applications). */
const LIFETIME = 3600;
/** Bytes of a guest attribute. */
const MOST = 256 * 1024;
const ROOT = 'computeMetadata/v1/';

/** The metadata server of one machine (https://cloud.google.com/compute/docs/metadata/overview). */
export class MetadataServer {
  /** What the machine says of itself, by `NAMESPACE/KEY`. */
  readonly guestAttributes = new Map<string, string>();
  readonly #cloud: Context;
  readonly #path: string;
  #changed = new AbortController();

  /** @param path of the instance within the project */
  constructor(cloud: Context, path: string) {
    this.#cloud = cloud;
    this.#path = path;
  }

  /** Wakes who waits for a change. */
  changed(): void {
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { etag, location, ...answer } = await this.#answer(request, response);
    response.writeHead(answer.status, {
      'content-type': answer.type,
      'content-length': Buffer.byteLength(answer.body),
      'metadata-flavor': 'Google',
      server: 'Metadata Server for VM',
      ...(etag !== undefined && { etag }),
      ...(location !== undefined && { location }),
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Answer & { readonly etag?: string }> {
    const { method = 'GET', headers } = request;
    const url = new URL(request.url ?? '/', 'http://metadata.google.internal');
    const path = decodeURIComponent(url.pathname).replace(/^\/+/, '');
    if (path === '') return text('computeMetadata/\n');
    if (headers['x-forwarded-for'] !== undefined)
      return page(403, 'Requests that were forwarded are not answered.');
    if (headers['metadata-flavor'] !== 'Google') return page(403, 'Missing Metadata-Flavor:Google header.');
    const instance = this.#cloud.compute.resources.get(this.#path);
    if (!instance || !path.startsWith(ROOT))
      return path === 'computeMetadata/' || path === 'computeMetadata' ? text('v1/\n') : missing();
    const rest = path.slice(ROOT.length);
    if (rest.startsWith('instance/guest-attributes'))
      return this.#guest(method, rest, instance, request, response);
    if (method !== 'GET' && method !== 'HEAD') return page(405, 'The method is not allowed.');
    const [, account, verb] = /^instance\/service-accounts\/([^/]+)\/(token|identity)$/.exec(rest) ?? [];
    if (account !== undefined) return this.#credential(instance, account, verb ?? '', url.searchParams);
    return this.#read(rest, url.searchParams);
  }

  /** With `wait_for_change`, once it is another than the caller knows. */
  async #read(path: string, query: URLSearchParams): Promise<Answer & { readonly etag?: string }> {
    const isWaiting = query.get('wait_for_change') === 'true';
    const seconds = Number(query.get('timeout_sec') ?? 0);
    const known = query.get('last_etag') ?? (isWaiting ? etagOf(this.#node(path)) : undefined);
    const until = seconds > 0 ? Date.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
    while (isWaiting && etagOf(this.#node(path)) === known && Date.now() < until) {
      const left = Math.min(until - Date.now(), 3_600_000);
      await sleep(left, undefined, { signal: this.#changed.signal, ref: false }).catch(() => undefined);
      if (!this.#cloud.compute.resources.has(this.#path)) break;
    }
    const node = this.#node(path);
    if (node === undefined) return missing();
    const recursive = query.get('recursive') === 'true';
    const location = redirectOf(node, path, recursive);
    if (location) return { ...page(301, 'A directory ends with a slash.'), location };
    const answer = answerOf(node, { recursive, alt: query.get('alt') });
    return { ...answer, etag: etagOf(node) };
  }

  #node(path: string) {
    const instance = this.#cloud.compute.resources.get(this.#path);
    return instance && nodeAt(metadataTree(this.#cloud, instance), path);
  }

  async #credential(instance: Resource, name: string, verb: string, query: URLSearchParams): Promise<Answer> {
    const account = accountNamed(this.#cloud, instance, name);
    if (!account) return missing();
    if (verb === 'identity') {
      const audience = query.get('audience');
      if (!audience) return page(400, 'non-empty audience parameter required');
      return text(await this.#cloud.idTokens.sign(account.email, audience, query.get('format') === 'full'));
    }
    const asked = query.get('scopes')?.split(',').filter(Boolean);
    const scopes = asked ?? account.scopes;
    const principal = serviceAccount(account.email);
    const { token } = this.#cloud.tokens.issue(principal, LIFETIME, scopes);
    const body = { access_token: token, expires_in: LIFETIME - 1, token_type: 'Bearer' };
    return { status: 200, type: 'application/json', body: JSON.stringify(body) };
  }

  async #guest(
    method: string,
    path: string,
    instance: Resource,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Answer> {
    if (!mayTell(this.#cloud, instance)) return page(403, 'Guest attributes endpoint access is disabled.');
    const [, name = ''] = /^instance\/guest-attributes\/?(.*?)\/?$/.exec(path) ?? [];
    const [namespace, key, ...more] = name.split('/');
    if (method === 'GET' || method === 'HEAD') {
      const value = this.guestAttributes.get(name);
      if (value !== undefined) return text(value);
      const below = [...this.guestAttributes.keys()].filter(
        (one) => name === '' || one.startsWith(`${name}/`),
      );
      if (below.length === 0) return missing();
      const names = new Set(
        below.map((one) => (name === '' ? `${one.split('/')[0]}/` : one.slice(name.length + 1))),
      );
      return text([...names].map((one) => `${one}\n`).join(''));
    }
    if (!namespace || !key || more.length > 0) return page(400, 'A guest attribute is named NAMESPACE/KEY.');
    if (method === 'DELETE') return this.guestAttributes.delete(name) ? text('') : missing();
    if (method !== 'PUT') return page(405, 'The method is not allowed.');
    try {
      this.guestAttributes.set(name, (await readBody(request, response, MOST)).toString('utf8'));
    } catch (error) {
      if (error instanceof BodyTooLarge) return page(413, error.message);
      throw error;
    }
    return text('');
  }
}

function text(body: string): Answer {
  return { status: 200, type: 'application/text', body };
}

function missing(): Answer {
  return page(404, 'The requested URL was not found on this server.');
}

function page(status: number, message: string): Answer {
  return {
    status,
    type: 'text/html; charset=UTF-8',
    body: `<!DOCTYPE html>\n<html lang=en>\n<title>Error ${status}</title>\n<p>${message}\n`,
  };
}
