import type { Json, JsonObject } from '../../src/json.ts';
import type { EmitOptions } from '../../src/options.ts';
import { GET, get, type Pair } from './pair.ts';

const SCHEMES: JsonObject = {
  bearer: { type: 'http', scheme: 'Bearer' },
  oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://id.ex/.well-known/openid-configuration' },
  oauth: { type: 'oauth2', flows: { password: { tokenUrl: 'token', scopes: {} } } },
  basic: { type: 'http', scheme: 'basic' },
  digest: { type: 'http', scheme: 'digest' },
  tls: { type: 'mutualTLS' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
  token: { type: 'apiKey', in: 'header', name: 'X-Token' },
  key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};
const jwt = ['bearer', 'oidc', 'oauth'].map((scheme) => ({ scheme, issuer: `https://${scheme}.ex` }));

function secured(security: Json, options: Partial<EmitOptions> = { jwt }): Pick<Pair, 'source' | 'options'> {
  return { source: get({ security }, { components: { securitySchemes: SCHEMES } }), options };
}

/** Row 30: security, which may become stricter than the document says, never weaker. */
export const securityPairs: readonly Pair[] = [
  ...['bearer', 'oidc', 'oauth'].flatMap((name): Pair[] => [
    {
      name: `${name}, mapped`,
      ...secured([{ [name]: [] }]),
      holds: [
        [`${GET}.security`, [{ [name]: [] }]],
        [`securityDefinitions.${name}.x-google-issuer`, `https://${name}.ex`],
        [`securityDefinitions.${name}.type`, 'oauth2'],
      ],
    },
    { name: `${name}, not mapped`, ...secured([{ [name]: [] }], {}), says: ['error jwt-not-mapped'] },
  ]),
  ...['basic', 'digest', 'tls'].map(
    (name): Pair => ({ name, ...secured([{ [name]: [] }]), says: ['error scheme-unsupported'] }),
  ),
  ...['cookie', 'token'].map(
    (name): Pair => ({
      name: `an API key: ${name}`,
      ...secured([{ [name]: [] }]),
      says: ['error api-key-place'],
    }),
  ),
  { name: 'a requirement without a scheme', ...secured([{ gone: [] }]), says: ['error scheme-undefined'] },
  {
    name: 'key AND token',
    ...secured([{ key: [], bearer: [] }]),
    holds: [[`${GET}.security`, [{ key: [], bearer: [] }]]],
  },
  {
    name: 'token OR token',
    ...secured([{ bearer: [] }, { oidc: [] }]),
    holds: [[`${GET}.security`, [{ bearer: [] }, { oidc: [] }]]],
  },
  { name: 'key OR token', ...secured([{ key: [] }, { bearer: [] }]), says: ['error api-key-or-other'] },
  { name: 'token AND token', ...secured([{ bearer: [], oidc: [] }]), says: ['error jwt-and-jwt'] },
  {
    name: 'an empty security',
    ...secured([], { apiKey: true }),
    holds: [[`${GET}.security`, []]],
    says: ['note open-by-document'],
  },
  { name: 'an optional key', ...secured([{ key: [] }, {}]), says: ['note open-by-document'] },
  {
    name: 'an optional token',
    ...secured([{ bearer: [] }, {}]),
    holds: [[`${GET}.security`, [{ bearer: [] }]]],
    says: ['warning jwt-optional'],
  },
  {
    name: 'a token that only the backend checks',
    ...secured([{ bearer: [] }], { passthrough: ['bearer'] }),
    holds: [['securityDefinitions', undefined]],
    says: ['warning passed-through', 'warning authorization-overwritten', 'note open-operations'],
  },
];
