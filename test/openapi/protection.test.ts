import { Agent, request } from 'node:http';
import { emit, readDocument } from '@gangway/openapi';
import { Validator } from '@seriousme/openapi-schema-validator';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type RunningCloud, startCloud } from '../../packages/emulator/src/cloud.ts';
import { importOpenapi } from '../../packages/emulator/src/google/api-gateway/import/import.ts';
import {
  apiClient,
  deployGateway,
  startBackend,
  type TestBackend,
} from '../../packages/emulator/test/gateway.ts';
import { howMany } from '../helpers/fault-runs.ts';
import { type Demand, generator, malformed, type Original, originals } from './malformed-protection.ts';

/*
 * Documents whose protection is written wrongly, ten thousand of them, in both dialects. Each is refused, or served by a
 * gateway that asks for as much as the document did before; and what is emitted in spite of a refusal lets nobody in
 * either. The judges: the local cloud's importer and its gateway, which share no code with the converter, and the
 * published schemas of OpenAPI.
 */

const DOCUMENTS = howMany({ few: 1_000, half: 10_000, usual: 10_000, all: 10_000 });
const SEED = 20261130;
const ISSUER = 'https://issuer.example';

let cloud: RunningCloud;
let backend: TestBackend;
let keys: TestBackend;
let managedService: string;
let key: string;
let token: string;
let foreign: string;

beforeAll(async () => {
  cloud = await startCloud();
  backend = await startBackend((_, response) => void response.end('in'));
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' };
  keys = await startBackend((_, response) => void response.end(JSON.stringify({ keys: [jwk] })));
  const sign = (audience: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(ISSUER)
      .setSubject('s')
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
  [token, foreign] = [await sign('aud'), await sign('somebody else')];
  const paths = { '/a': { get: { operationId: 'a', responses: { 200: { description: 'ok' } } } } };
  ({ managedService } = await deployGateway(cloud, {
    swagger: '2.0',
    info: { title: 'T', version: '1' },
    'x-google-backend': { address: backend.origin },
    paths,
  }));
  const { finish } = apiClient(cloud);
  await finish('POST', `/v1/projects/demo-project/services/${managedService}:enable`, {});
  key = (await finish('POST', '/v2/projects/demo-project/locations/global/keys', {})).response.keyString;
});

afterAll(async () => {
  agent.destroy();
  await Promise.all([cloud, backend, keys].map((each) => each.close()));
});

const DIALECTS = ['swagger2', 'openapi3'] as const;
type Dialect = (typeof DIALECTS)[number];

/** What a text is emitted as in each dialect, or nothing where it cannot be read; and whether that is an error. */
function emitted(text: string) {
  const { document, diagnostics } = readDocument({ path: 'api', text });
  const isError = ({ severity }: { readonly severity: string }) => severity === 'error';
  if (document === undefined) return [];
  const jwt = [{ scheme: 'bearer', issuer: ISSUER, jwksUri: `${keys.origin}/jwks`, audiences: ['aud'] }];
  return DIALECTS.map((dialect) => {
    const { contents, diagnostics: more } = emit(document, {
      dialect,
      backend: { address: backend.origin, disableAuth: true },
      jwt,
    });
    return { dialect, contents, errors: [...diagnostics, ...more].filter(isError) };
  });
}

/** Where the gateway listens that serves a document now, or undefined when the local cloud refuses the document. */
async function deployed(contents: string, dialect: Dialect): Promise<string | undefined> {
  const path = dialect === 'swagger2' ? 'swagger.json' : 'openapi.json';
  try {
    const { service } = importOpenapi([
      { document: { path, contents: Buffer.from(contents).toString('base64') } },
    ]);
    return await cloud.gateways.deploy('gateway', { service, managedService, serviceAccount: '' });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Cannot convert to service config.'))
      return undefined;
    throw error;
  }
}

const agent = new Agent({ keepAlive: true });

/** The status that a gateway answers with; many times faster than fetch. */
function ask(host: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`http://${host}${path}`, { agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

/** Who gets in that should not, as `PATH WHO`. */
async function intruders(host: string, demands: readonly Demand[]): Promise<string[]> {
  const asked = demands.flatMap(({ path, ...demand }) => {
    const callers: [string, Record<string, string>][] = [['nobody', {}]];
    if (demand.jwt)
      callers.push(
        ['a key', { 'x-api-key': key }],
        ['a foreign token', { 'x-api-key': key, ...bearer(foreign) }],
      );
    if (demand.key && demand.jwt) callers.push(['a token', bearer(token)]);
    return callers.map(async ([who, headers]) => {
      return (await ask(host, path, headers)) < 400 ? [`${path} ${who}`] : [];
    });
  });
  return (await Promise.all(asked)).flat();
}

describe('protection that is written wrongly', () => {
  it('starts from documents that ask for what they say', async () => {
    for (const { document, demands } of originals(ISSUER, `${keys.origin}/jwks`)) {
      expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
      for (const { dialect, contents, errors } of emitted(JSON.stringify(document))) {
        expect(errors).toEqual([]);
        const host = (await deployed(contents, dialect)) ?? 'nowhere.invalid';
        expect(await intruders(host, demands)).toEqual([]);
        for (const { path } of demands) {
          const { status } = await fetch(`http://${host}${path}`, {
            headers: { 'x-api-key': key, ...bearer(token) },
          });
          expect([path, status]).toEqual([path, 200]);
        }
      }
    }
  });

  it('is an error, or as good as before', async () => {
    const random = generator(SEED);
    const sources: readonly Original[] = originals(ISSUER, `${keys.origin}/jwks`);
    const validator = new Validator();
    const judged = new Map<string, readonly string[]>();
    const count = { unread: 0, refused: 0, taken: 0, asked: 0 };
    const faults: string[] = [];
    for (let nth = 0; nth < DOCUMENTS; nth += 1) {
      const original = sources[nth % sources.length] as Original;
      const { text, how } = malformed(original, random);
      const readings = emitted(text);
      if (readings.length === 0) count.unread += 1;
      for (const { dialect, contents, errors } of readings) {
        const refused = errors.length > 0;
        count[refused ? 'refused' : 'taken'] += 1;
        if (
          !refused &&
          dialect === 'swagger2' &&
          !(await validator.validate(structuredClone(parse(text, { uniqueKeys: false })))).valid
        )
          faults.push(`the published schema refuses: ${how}: ${text}`);
        const known = `${nth % sources.length} ${contents}`;
        if (!judged.has(known)) {
          const host = await deployed(contents, dialect);
          if (host !== undefined) count.asked += 1;
          judged.set(known, host === undefined ? [] : await intruders(host, original.demands));
        }
        // A key may go where the error says that a token is not asked for.
        for (const intruder of judged.get(known) ?? [])
          if (!refused || intruder.endsWith('nobody'))
            faults.push(`${intruder}${refused ? ' in spite of an error' : ''}: ${dialect}: ${how}: ${text}`);
      }
    }
    console.info(count, `${faults.length} faults`);
    expect(faults.slice(0, 5)).toEqual([]);
    expect(count.refused).toBeGreaterThan(1.5 * DOCUMENTS);
  }, 600_000);
});
