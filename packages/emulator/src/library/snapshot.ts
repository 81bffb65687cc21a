import type { RunningCloud } from '../cloud.ts';
import type { AnsweredRequest } from '../kernel/http/answered-request.ts';
import { withoutCredentials } from '../kernel/http/without-credentials.ts';
import type { Resources } from './deployed.ts';
import { outputOf } from './output.ts';
import { resourcesOf } from './resources.ts';
import type { WrittenLine } from './written-line.ts';

/** What a local cloud did and has, without its secrets, for people who were not there. */
export interface Snapshot {
  readonly requests: readonly AnsweredRequest[];
  readonly resources: Resources;
  readonly output: readonly WrittenLine[];
}

const HIDDEN = '***';
/** Credentials that the cloud makes: access tokens, API keys, JWTs, tokens of Fly.io, private keys. */
const SHAPES =
  /ya29\.[\w-]+|AIza[\w-]{35}|eyJ[\w-]+\.[\w-]+\.[\w-]+|fm[12][ar]?_[\w+/=-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g;
/** A shorter secret, such as "yes", occurs by chance. */
const SHORTEST = 4;

/** Requests, resources and output as they are now. Credentials and secrets that occur in them are hidden. */
export async function snapshot(cloud: RunningCloud): Promise<Snapshot> {
  const secrets = secretsOf(cloud);
  const hidden = (text: string) =>
    secrets.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text.replace(SHAPES, HIDDEN));
  const resources = resourcesOf(cloud);
  return {
    requests: cloud.requests.map((request) => ({
      ...request,
      path: hidden(withoutCredentials(request.path)),
      agent: hidden(request.agent),
    })),
    resources: { ...resources, keys: resources.keys.map((key) => ({ ...key, key: HIDDEN })) },
    output: (await outputOf(cloud)).map((line) => ({ ...line, text: hidden(line.text) })),
  };
}

/** What users keep secret there and what no shape tells, longest first: one may be a part of another. */
function secretsOf({ secretManager, fly, registryTokens }: RunningCloud): string[] {
  const versions = [...secretManager.secrets.values()].flatMap((secret) => secret.versions);
  const kept = [
    ...versions.map(({ data = '' }) => Buffer.from(data, 'base64').toString('utf8')),
    ...fly.apps().flatMap(({ secrets }) => Object.values(secrets.values(secrets.version))),
  ].flatMap((secret) => [secret, ...secret.split('\n')]);
  return [...new Set([...kept, ...registryTokens.all(), ...fly.tokens.all()])]
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= SHORTEST)
    .sort((one, other) => other.length - one.length);
}
