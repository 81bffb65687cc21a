import { Agent } from 'node:http';
import { GOOGLE_UNIVERSE } from '@gangway/google-cloud';
import { type Answer, fields, LIMITS, number, readJson, send, token, unexpected } from '@gangway/http';
import { lifetimeFixed } from '../tokens/fixed.ts';
import { endOf } from '../tokens/token-reader.ts';
import { CLOUD_PLATFORM, TokenRefusal } from '../tokens/token-request.ts';
import { inUniverse } from '../universe.ts';
import type { Source, Surroundings, Token } from './source.ts';

interface Given {
  readonly access_token: string;
  readonly expires_in?: number;
}

const GIVEN = fields<Given>({ access_token: token, expires_in: number }, 'access_token');
const FLAVOR = 'metadata-flavor';
/** Milliseconds in which a metadata server that is there answers: it is on the same machine. */
const PATIENCE = 3000;
const UNTOLD_LIFE = 300;
/** No proxy: a metadata server tells of the machine that asks it. */
const own = new Agent();

/**
 * The service account of the machine that the step runs on, by its metadata server: on Compute Engine, GKE and others of
 * Google's. Where the server is follows gcloud's and the libraries' variables.
 *
 * @returns undefined where there is none
 * @see https://cloud.google.com/compute/docs/metadata/querying-metadata
 * @see https://cloud.google.com/docs/authentication/get-id-token#metadata-server
 */
export async function metadataServer(surroundings: Surroundings): Promise<Source | undefined> {
  const { METADATA_SERVER_DETECTION: detection } = process.env;
  if (detection === 'none') return undefined;
  const { now = Date.now, signal } = surroundings;
  const account = 'instance/service-accounts/default';
  const look = (path: string) => ask(path, signal).catch(() => undefined);
  const email = await look(`${account}/email`);
  if (email === undefined && detection !== 'assume-present') return undefined;
  const project = await look('project/project-id');
  const universe = await look('universe/universe-domain');
  const { universeDomain: meant } = inUniverse(universe, 'the metadata server of this machine', surroundings);
  const name = email ?? 'the default service account';
  const identity = { description: `${name} of this machine (metadata server)`, serviceAccount: name };
  const fetch = async (scopes: readonly string[]): Promise<Token> => {
    const start = now();
    const path = `${account}/token?${new URLSearchParams({ scopes: scopes.join(',') })}`;
    const { access_token, expires_in = UNTOLD_LIFE } = await readJson(await answerTo(path, signal), GIVEN);
    return { token: access_token, expires: endOf(start, expires_in) };
  };
  return {
    description: identity.description,
    projectId: project,
    universeDomain: meant ?? GOOGLE_UNIVERSE,
    identity: () => identity,
    async fetch(wanted) {
      if (wanted?.lifetime) throw lifetimeFixed('Google decides on it');
      return fetch(wanted?.scopes ?? [CLOUD_PLATFORM]);
    },
    fetchIdToken: (audience) => ask(`${account}/identity?${new URLSearchParams({ audience })}`, signal),
  };
}

/** What the server says under a path, as text. */
async function ask(path: string, signal: AbortSignal | undefined): Promise<string> {
  return (await (await answerTo(path, signal)).text()).trim();
}

async function answerTo(path: string, signal: AbortSignal | undefined): Promise<Answer> {
  const { GCE_METADATA_IP, GCE_METADATA_HOST } = process.env;
  const host = GCE_METADATA_IP || GCE_METADATA_HOST || '169.254.169.254';
  const url = new URL(`/computeMetadata/v1/${path}`, /^https?:/.test(host) ? host : `http://${host}`);
  const headers = { [FLAVOR]: 'Google' };
  const answer = await send(url, { headers, signal, timeout: PATIENCE, limit: LIMITS.token, agent: own });
  if (!answer.ok)
    throw new TokenRefusal(answer.status, await answer.beginning(LIMITS.excerpt), answer.headers);
  // Whoever answers for every address there is, as some networks do, says no such thing.
  if (answer.headers.get(FLAVOR) !== 'Google')
    throw unexpected(answer.what, 'it is not from a metadata server');
  return answer;
}
