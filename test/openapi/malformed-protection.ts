import { stringify } from 'yaml';

/*
 * Documents whose protection is well-formed, and the ways in which people get it wrong. A mutation never makes another
 * well-formed document that asks for less (`security: []`, say): that is a document's good right.
 */

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };
type Random = () => number;

/** What a caller of a route must show. */
export interface Demand {
  readonly path: string;
  readonly key: boolean;
  readonly jwt: boolean;
}

/** A document and what it asks for. */
export interface Original {
  readonly document: JsonObject;
  readonly demands: readonly Demand[];
}

const ok = { responses: { 200: { description: 'ok' } } };
const get = (operationId: string, fields: JsonObject = {}): JsonObject => ({
  get: { operationId, ...ok, ...fields },
});
const info = { title: 'T', version: '1.0.0' };
const need = (path: string, what: 'key' | 'jwt' | 'both'): Demand => ({
  path,
  key: what !== 'jwt',
  jwt: what !== 'key',
});

/** The documents to start from. Their tokens come from an issuer whose keys stand at `jwks`, for the audience `aud`. */
export function originals(issuer: string, jwks: string): readonly Original[] {
  const key20 = { type: 'apiKey', name: 'key', in: 'query' };
  const jwt20: JsonObject = {
    type: 'oauth2',
    flow: 'implicit',
    authorizationUrl: 'https://issuer.example/login',
    'x-google-issuer': issuer,
    'x-google-jwks_uri': jwks,
    'x-google-audiences': 'aud',
  };
  const { 'x-google-audiences': _, ...bare20 } = jwt20;
  const key3 = { type: 'apiKey', in: 'header', name: 'x-api-key' };
  const auth = { issuer, jwksUri: jwks, audiences: ['aud'] };
  const jwt3 = {
    type: 'oauth2',
    flows: { implicit: { authorizationUrl: 'https://issuer.example/login', scopes: { read: 'reads' } } },
    'x-google-auth': auth,
  };
  const paths = {
    '/root': get('root'),
    '/key': get('key', { security: [{ key: [] }] }),
    '/jwt': get('jwt', { security: [{ jwt: [] }] }),
    '/both': get('both', { security: [{ key: [], jwt: [] }] }),
    '/security': get('security', { security: [{ jwt: [] }, { other: [] }] }),
  };
  const demands = [
    need('/root', 'key'),
    need('/key', 'key'),
    need('/jwt', 'jwt'),
    need('/both', 'both'),
    need('/security', 'jwt'),
  ];
  return [
    {
      document: {
        swagger: '2.0',
        info,
        security: [{ key: [] }],
        securityDefinitions: { key: key20, jwt: jwt20, other: jwt20 },
        paths,
      },
      demands,
    },
    {
      document: {
        swagger: '2.0',
        info,
        'x-google-allow': 'configured',
        securityDefinitions: { key: key20, jwt: bare20 },
        paths: {
          '/asked': get('asked', { 'x-security': [{ jwt: { audiences: ['aud'] } }] }),
          '/keyed': get('keyed', {
            security: [{ key: [] }],
            'x-security': [{ jwt: { audiences: ['aud'] } }],
          }),
        },
      },
      demands: [need('/asked', 'jwt'), need('/keyed', 'both')],
    },
    {
      document: {
        openapi: '3.0.3',
        info,
        security: [{ key: [] }],
        components: {
          securitySchemes: {
            key: key3,
            jwt: jwt3,
            other: {
              type: 'openIdConnect',
              openIdConnectUrl: 'https://issuer.example/oidc',
              'x-google-auth': auth,
            },
          },
        },
        paths,
      },
      demands,
    },
    {
      document: {
        openapi: '3.1.0',
        info,
        security: [{ bearer: [] }],
        components: {
          securitySchemes: {
            key: { $ref: '#/components/securitySchemes/real' },
            real: key3,
            bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          },
          pathItems: { shared: get('shared', { security: [{ key: [], bearer: ['read'] }] }) },
        },
        paths: {
          '/root': get('root'),
          '/shared': { $ref: '#/components/pathItems/shared' },
          '/key': get('key', { security: [{ key: [] }] }),
        },
      },
      demands: [need('/root', 'jwt'), need('/shared', 'both'), need('/key', 'key')],
    },
  ];
}

/** A text in which the protection of a document is written wrongly, and how. */
export function malformed(
  { document }: Original,
  random: Random,
): { readonly text: string; readonly how: string } {
  const copy = structuredClone(document);
  if (random() < 0.12) return inText(copy, random);
  const steps = random() < 0.8 ? 1 : 2;
  const how: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    const what = mutate(copy, random);
    how.push(what);
    // Requirements elsewhere are known by the schemes they name; made junk, they are no longer any.
    if (what.endsWith(' moved')) break;
  }
  return { text: written(copy, random), how: how.join(', ') };
}

function written(document: JsonObject, random: Random): string {
  const style = random();
  if (style < 0.7) return JSON.stringify(document);
  if (style < 0.85) return stringify(document);
  return stringify(document, { collectionStyle: 'flow' });
}

/** A member of an object, with the words that lead to it. */
interface Member {
  readonly holder: JsonObject;
  readonly key: string;
  readonly within: readonly string[];
}

const LISTS = new Set(['security', 'x-security']);
const SECTIONS = new Set(['securityDefinitions', 'securitySchemes']);

/** Members of a document that decide protection, or stand in one that does. */
function members(document: JsonObject): readonly Member[] {
  const found: Member[] = [];
  const visit = (value: Json, within: readonly string[], inside: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const decides = inside || LISTS.has(key) || SECTIONS.has(key) || key.startsWith('x-google-');
      if (decides && !Array.isArray(value)) found.push({ holder: value, key, within });
      // Below `paths`, `/security` is a path.
      visit(member, [...within, key], decides && !key.startsWith('/'));
    }
  };
  visit(document, [], false);
  // Of no account to a gateway; and Google's own examples have addresses that are none.
  const idle = new Set([
    'scopes',
    'read',
    'authorizationUrl',
    'openIdConnectUrl',
    'bearerFormat',
    'flow',
    'implicit',
  ]);
  return found.filter(({ key }) => !idle.has(key));
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)] as T;
}

function mutate(document: JsonObject, random: Random): string {
  const member = pick(members(document), random);
  const { holder, key, within } = member;
  const place = [...within, key].join('.');
  const roll = random();
  if (roll < 0.3) {
    holder[key] = wrong(holder[key] ?? null, key, random);
    return `${place} = ${JSON.stringify(holder[key])}`;
  }
  if (roll < 0.45) {
    holder[key] = wrapped(holder[key] ?? null, key, random);
    return `${place} wrapped: ${JSON.stringify(holder[key])}`;
  }
  if (roll < 0.8) {
    const typo = misspelled(key, random);
    // Keys keep their order, as a hand on a keyboard leaves them.
    const entries = Object.entries(holder).map(([name, value]): [string, Json] => [
      name === key ? typo : name,
      value,
    ]);
    for (const name of Object.keys(holder)) delete holder[name];
    for (const [name, value] of entries) holder[name] = value;
    return `${place} as ${JSON.stringify(typo)}`;
  }
  return moved(document, member, random) ?? mutate(document, random);
}

const JUNK: readonly Json[] = [
  null,
  true,
  false,
  0,
  7,
  '',
  'key',
  'jwt',
  '[]',
  '{}',
  'none',
  'true',
  [null],
  ['key'],
  [['key']],
  [[]],
  [0],
  [true],
  [''],
  { key: [] },
  { '0': { key: [] } },
  {},
];

/** A value of another kind; nothing that is well-formed where it stands. */
function wrong(value: Json, key: string, random: Random): Json {
  for (;;) {
    const junk = structuredClone(pick(JUNK, random));
    if (kind(junk) === kind(value) && !LISTS.has(key)) continue;
    return junk;
  }
}

function kind(value: Json): string {
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
}

function wrapped(value: Json, key: string, random: Random): Json {
  const ways: readonly (() => Json)[] = [
    () => [value],
    () => ({ [key]: value }),
    () => JSON.stringify(value),
    () => (Array.isArray(value) ? (value[0] ?? null) : [[value]]),
    () =>
      Array.isArray(value)
        ? value.map((item) =>
            typeof item === 'object' && item !== null ? (Object.keys(item)[0] ?? null) : [item],
          )
        : { value },
    () => (Array.isArray(value) ? value.map((item) => [item]) : [value, value]),
    () =>
      Array.isArray(value) ? Object.assign({}, ...value.map((item, index) => ({ [index]: item }))) : [null],
    () =>
      Array.isArray(value)
        ? value.map((item) =>
            typeof item === 'object' && item !== null
              ? Object.fromEntries(Object.keys(item).map((name) => [name, pick(JUNK.slice(0, 12), random)]))
              : null,
          )
        : null,
    () => (Array.isArray(value) ? [...value, pick(JUNK.slice(0, 18), random)] : value),
    () => ({ $ref: pick(['#/security', '#/nowhere', '#'], random) }),
  ];
  return pick(ways, random)();
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  o: 'о',
  s: 'ѕ',
  u: 'υ',
  y: 'у',
  r: 'r',
};
const FILLERS = [' ', '\t', '\u200b', '\u00a0', '\ufeff', '-', '_', '.', '\u0301'];

/** The key with a slip of the finger, another case, or letters that only look right; never the key itself. */
function misspelled(key: string, random: Random): string {
  // Somebody else's extension may be two letters away from x-security.
  const slips = key === 'x-security' || key.length < 8 ? 1 : 1 + Math.floor(random() * 2);
  let typo = key;
  for (let slip = 0; slip < slips; slip += 1) typo = slipped(typo, random);
  return typo === key ? misspelled(key, random) : typo;
}

function slipped(key: string, random: Random): string {
  const extension = key.startsWith('x-') ? 2 : 0;
  const at = extension + Math.floor(random() * (key.length - extension));
  const [head, letter, tail] = [key.slice(0, at), key[at] ?? '', key.slice(at + 1)];
  const ways: readonly (() => string)[] = [
    () => head + tail,
    () => head + letter + letter + tail,
    () => head + (tail[0] ?? '') + letter + tail.slice(1),
    () => head + pick([...'abcdefghijklmnopqrstuvwxyz'], random) + tail,
    () => head + (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()) + tail,
    () => key.toUpperCase(),
    () => key.slice(0, 1).toUpperCase() + key.slice(1),
    () => head + (LOOKALIKES[letter] ?? letter) + tail,
    () => head + String.fromCharCode(letter.charCodeAt(0) + 0xfee0) + tail,
    () => head + pick(FILLERS, random) + letter + tail,
    () => key + pick(FILLERS, random),
    () => (key.endsWith('s') ? key.slice(0, -1) : `${key}s`),
    () => key.replaceAll('_', '-'),
    () => (extension === 0 ? key : key.replaceAll('-', '_')),
  ];
  return pick(ways, random)();
}

/** Where `security` and its like are put by mistake. Undefined when this member has no such place. */
function moved(document: JsonObject, { holder, key, within }: Member, random: Random): string | undefined {
  if (within.some((word) => LISTS.has(word) || SECTIONS.has(word)) || key.startsWith('x-google-'))
    return undefined;
  if (within.length !== 0 && within.length !== 3) return undefined;
  const at = (...words: readonly string[]): JsonObject =>
    words.reduce<JsonObject>((object, word) => {
      object[word] ??= {};
      return object[word] as JsonObject;
    }, document);
  const [first = '', path = '', method = ''] = within;
  const homes: JsonObject[] = [at('info'), at('components')];
  if (first === 'paths')
    homes.push(
      at('paths', path),
      at('paths', path, method, 'responses'),
      at('paths', path, method, 'responses', '200'),
    );
  if (SECTIONS.has(key))
    homes.push(document.swagger === undefined ? document : at('components', 'schemas'), at('info'));
  if (LISTS.has(key)) homes.push(at('paths'), serverOf(document));
  const deep = key === 'security' ? deepHomes(document, first === 'paths' ? [first, path, method] : []) : [];
  // A deep one is only made when it is chosen: an empty object may be a fault of its own.
  const home = pick(
    [
      ...homes.filter((each) => each !== holder).map((each) => () => each),
      ...deep.map((words) => () => at(...words)),
    ],
    random,
  )();
  const value = holder[key] ?? null;
  delete holder[key];
  home[key] = value;
  return `${[...within, key].join('.')} moved`;
}

/** Places further down, which the document need not have, as the words that lead there. */
function deepHomes(document: JsonObject, operation: readonly string[]): readonly (readonly string[])[] {
  const isOld = document.swagger !== undefined;
  const homes: (readonly string[])[] = [
    ['info', 'contact'],
    ['info', 'license'],
    ['externalDocs'],
    ...(isOld
      ? [
          ['definitions'],
          ['parameters'],
          ['responses'],
          ['definitions', 's'],
          ['responses', 'r'],
          ['x-google-management'],
          ['x-google-management', 'quota'],
        ]
      : [
          ['components', 'schemas'],
          ['components', 'schemas', 's'],
          ['components', 'responses'],
          ['components', 'responses', 'r'],
          ['components', 'requestBodies', 'b'],
          ['webhooks'],
          ['webhooks', 'w'],
          ['x-google-api-management'],
          ['x-google-api-management', 'mcp'],
        ]),
  ];
  if (operation.length > 0) {
    const response = [...operation, 'responses', '200'];
    homes.push([...operation, 'externalDocs'], [...response, 'headers'], [...response, 'schema']);
    if (!isOld)
      homes.push(
        [...response, 'content'],
        [...response, 'content', 'application/json'],
        [...response, 'content', 'application/json', 'schema'],
        [...response, 'links', 'l'],
        [...operation, 'requestBody', 'content'],
        [...operation, 'callbacks'],
        [...operation, 'callbacks', 'c', '{$request.body#/u}'],
      );
  }
  return homes;
}

function serverOf(document: JsonObject): JsonObject {
  const server: JsonObject = { url: 'https://api.example' };
  document.servers = [server];
  return server;
}

/** Mistakes that only a text can have: a key twice, tags, anchors and merge keys. */
function inText(document: JsonObject, random: Random): { readonly text: string; readonly how: string } {
  const json = JSON.stringify(document);
  if (random() < 0.3) {
    const twice = `"security":${pick(['[]', '[{}]', 'null', '[{"key":[]}]'], random)}`;
    const marks = [...json.matchAll(/"security":\[/g)].map(({ index }) => index);
    const first = pick(marks, random);
    const end = endOf(json, first);
    return { text: `${json.slice(0, end)},${twice}${json.slice(end)}`, how: 'security twice in JSON' };
  }
  const name = /"securityDefinitions":\{"(\w+)|"securitySchemes":\{"(\w+)/.exec(json);
  const scheme = name?.[1] ?? name?.[2] ?? 'key';
  const forms = [
    `!!set {${scheme}}`,
    `[!!set {${scheme}}]`,
    `!!omap [${scheme}: []]`,
    `[!!omap [${scheme}: []]]`,
    `!!binary ${scheme}`,
    `!!str ${scheme}`,
    `!!null`,
    `!mine {${scheme}: []}`,
    '~',
    '',
    'Null',
    '.nan',
    `[${scheme}]`,
    `[[${scheme}]]`,
    `[{${scheme}}]`,
    `[{${scheme}: ~}]`,
    `[{${scheme}: {}}]`,
    `[{${scheme}: read}]`,
    `{${scheme}: []}`,
    `"[{${scheme}: []}]"`,
    `- ${scheme}`,
    `&a [${scheme}]`,
    `[&a {${scheme}: ~}, *a]`,
    `[{<<: {${scheme}: no}}]`,
    `{<<: {${scheme}: []}}`,
    `? [${scheme}]`,
    `[? ${scheme}]`,
    `[{${scheme}: [], ${scheme}: ~}]`,
    `[2001-12-14, {${scheme}: []}]`,
  ];
  const form = pick(forms, random);
  const flow = stringify(document, {
    collectionStyle: 'flow',
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'QUOTE_DOUBLE',
  });
  const marks = [...flow.matchAll(/"security": \[/g)].map(({ index }) => index);
  const first = pick(marks, random);
  const end = endOf(flow, first);
  const alias = random() < 0.2;
  const head = random() < 0.2 ? '%YAML 1.1\n---\n' : '';
  const changed = alias
    ? `${flow.slice(0, first)}&s ${flow.slice(first, end)}, *s : ${form || '~'}${flow.slice(end)}`
    : `${flow.slice(0, first)}"security": ${form}${flow.slice(end)}`;
  return { text: `${head}${changed}`, how: `${alias ? 'security twice by an alias' : 'security'}: ${form}` };
}

/** The end of the list that starts after an offset. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let at = text.indexOf('[', start); at < text.length; at += 1) {
    if (text[at] === '[') depth += 1;
    if (text[at] === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** mulberry32: the same numbers on every run. */
export function generator(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
