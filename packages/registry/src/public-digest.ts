import { schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { MEDIA_TYPES } from './media-types.ts';
import type { Reference } from './reference.ts';

/** Sends requests, through a proxy where the environment names one. */
export type Transporter = AuthClient['transporter'];

const TIMEOUT = 5000;

/**
 * The digest that an image of any registry has for who is not signed in.
 *
 * @throws Error that says what the registry answered, or why it did not
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function publicDigest(transporter: Transporter, image: Reference): Promise<string> {
  const { host, path, tag } = image;
  const head = (token: string | undefined) =>
    transporter.request({
      url: `${schemeOf(host)}://${host}/v2/${path}/manifests/${tag}`,
      method: 'HEAD',
      headers: { accept: MEDIA_TYPES.join(', '), ...(token && { authorization: `Bearer ${token}` }) },
      timeout: TIMEOUT,
      retry: false,
      validateStatus: () => true,
    });
  // Docker Hub always wants a token; to ask it first is a request less.
  const known = host === HUB.host ? await anonymousToken(transporter, HUB.challenge, path) : undefined;
  let response = await head(known);
  const challenge = response.headers.get('www-authenticate');
  if (response.status === 401 && challenge && !known)
    response = await head(await anonymousToken(transporter, challenge, path));
  const digest = response.headers.get('docker-content-digest');
  if (response.status !== 200 || !digest) throw new Error(`${host} answered ${response.status}`);
  return digest;
}

const HUB = {
  host: 'registry-1.docker.io',
  challenge: 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
};

async function anonymousToken(
  transporter: Transporter,
  challenge: string,
  path: string,
): Promise<string | undefined> {
  const given = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const realm = URL.parse(given.get('realm') ?? '');
  if (!/^bearer\s/i.test(challenge) || !realm) return undefined;
  const service = given.get('service');
  if (service) realm.searchParams.set('service', service);
  realm.searchParams.set('scope', given.get('scope') ?? `repository:${path}:pull`);
  const { data, status } = await transporter.request<{ token?: string; access_token?: string } | undefined>({
    url: realm.href,
    responseType: 'json',
    timeout: TIMEOUT,
    retry: false,
    validateStatus: () => true,
  });
  if (status !== 200) throw new Error(`${realm.host} answered ${status}`);
  return data?.token ?? data?.access_token;
}
