import { asObject, type Json, type JsonObject } from '../json.ts';
import { below, type Place } from '../place.ts';
import { meantBy } from './lookalike.ts';
import type { Say } from './say.ts';

/** Google's extensions that protect nothing. */
const ROUTING = ['x-google-backend', 'x-google-parameter', 'x-google-mcp-tool', 'x-google-api-name'] as const;

/** What decides protection or routing and stands in one place only. */
const WORDS = [
  'security',
  'securityDefinitions',
  'securitySchemes',
  'x-security',
  'x-google-allow',
  'x-google-issuer',
  'x-google-jwks_uri',
  'x-google-audiences',
  'x-google-jwt-locations',
  'x-google-auth',
  'x-google-management',
  'x-google-api-management',
  'x-google-endpoints',
  'x-google-endpoint',
  'x-google-quota',
  ...ROUTING,
] as const;

/** Names that OpenAPI never had or has no more, and under which people look for security. */
const SYNONYMS: Readonly<Record<string, Word>> = {
  securities: 'security',
  securityRequirement: 'security',
  securityRequirements: 'security',
  authorizations: 'security',
  authorization: 'security',
  authentication: 'security',
  securityDefinition: 'securityDefinitions',
  securityScheme: 'securitySchemes',
  securitySchema: 'securitySchemes',
  securitySchemas: 'securitySchemes',
};

/** What is spoken of elsewhere, and words of English that look like `security`. */
const OTHERS = new Set([
  'x-google-backend-url',
  'x-google-backend-deadline',
  'x-google-experimental-authorization',
  'x-google-model-router',
  'severity',
]);

/** Where keys stand, and whose protection is in doubt (`doubt`) when one of them looks like protection. */
export interface Spot {
  /** As messages say it: `The path /a`. */
  readonly label: string;
  readonly place: Place;
  readonly doubt?: Place | undefined;
  /** Which of the words are read here. */
  readonly read: ReadonlySet<string>;
  /** The document's schemes: a list of them is a `security`, whatever language its key is in. */
  readonly schemes?: ReadonlySet<string>;
}

/** Refuses keys that look like protection where nobody reads them, or that are misspelled. */
export function checkKeys(object: JsonObject, { label, place, doubt, read, schemes }: Spot, say: Say): void {
  for (const key of Object.keys(object)) {
    if (read.has(key) || OTHERS.has(key)) continue;
    const at = below(place, key);
    if (key === '<<') {
      // In quotes, or in JSON, it is a key like any other and merges nothing.
      const inner = { label: `The \`<<\` of ${label}`, place: at, doubt, read: new Set<string>() };
      checkKeys(asObject(object[key]) ?? {}, inner, say);
      continue;
    }
    if ((WORDS as readonly string[]).includes(key)) {
      const word = key as Word;
      const [code, more] = isRouting(word) ? MISPLACED : (['security-misplaced', doubted(doubt)] as const);
      say(code, at, `${label} has \`${key}\`, which has no effect there.`, { ...more, hint: HOMES[word] });
      continue;
    }
    const meant = meaningOf(key) ?? (asksFor(object[key], key, schemes) ? 'security' : undefined);
    if (meant === undefined) {
      if (key.startsWith('x-google-'))
        say('google-unknown', at, `${label} has \`${key}\`, which API Gateway does not have.`);
      continue;
    }
    const [code, more] = isRouting(meant) ? MISSPELT : (['security-misspelled', doubted(doubt)] as const);
    say(code, at, `${label} has ${JSON.stringify(key)}, which has no effect; it looks like \`${meant}\`.`, {
      ...more,
      hint: read.has(meant) ? `Write \`${meant}\`, or remove it.` : HOMES[meant],
    });
  }
}

const MISPLACED = ['google-misplaced', {}] as const;
const MISSPELT = ['google-misspelled', {}] as const;

function isRouting(word: Word): boolean {
  return (ROUTING as readonly string[]).includes(word);
}

function doubted(doubt: Place | undefined): { readonly doubt?: Place } {
  return doubt === undefined ? {} : { doubt };
}

function asksFor(value: Json | undefined, key: string, schemes: ReadonlySet<string> | undefined): boolean {
  if (schemes === undefined || key.startsWith('x-') || !Array.isArray(value) || value.length === 0)
    return false;
  return value.every((item) => {
    const members = Object.entries(asObject(item) ?? {});
    return (
      members.length > 0 && members.every(([name, scopes]) => schemes.has(name) && Array.isArray(scopes))
    );
  });
}

type Word = (typeof WORDS)[number];

/** What a key was meant to be; documents repeat theirs, so each is looked at once. */
function meaningOf(key: string): Word | undefined {
  const known = meanings.get(key);
  if (known !== undefined) return known === '' ? undefined : known;
  const meant = wordFor(key) ?? wordFor(HEAD.exec(key)?.[1] ?? '');
  if (meanings.size < 10_000) meanings.set(key, meant ?? '');
  return meant;
}

/** A key that YAML has read too far: `security: - key`, say, after a space that is none. */
const HEAD = /^[^\p{L}]*([\p{L}\p{M}\p{Cf}\p{N}_-]+)/u;

function wordFor(key: string): Word | undefined {
  const word = WORDS.find((each) => each === (meantBy(key, WORDS) ?? key));
  if (word !== undefined) return word;
  const synonym = meantBy(key, Object.keys(SYNONYMS)) ?? key;
  return Object.hasOwn(SYNONYMS, synonym) ? SYNONYMS[synonym] : undefined;
}

const meanings = new Map<string, Word | ''>();

const SCHEME = 'Write it in the security scheme.';
const HOMES: Readonly<Record<Word, string>> = {
  security: 'Write `security` at the root, for all operations, or in an operation.',
  securityDefinitions:
    'OpenAPI 2.0 has `securityDefinitions` at the root; 3.x has `securitySchemes` in `components`.',
  securitySchemes:
    'OpenAPI 3.x has `securitySchemes` in `components`; 2.0 has `securityDefinitions` at the root.',
  'x-security': 'Write `x-security` at the root or in an operation, or `security`.',
  'x-google-allow': 'Write `x-google-allow` at the root.',
  'x-google-issuer': SCHEME,
  'x-google-jwks_uri': SCHEME,
  'x-google-audiences': SCHEME,
  'x-google-jwt-locations': SCHEME,
  'x-google-auth': SCHEME,
  'x-google-management': 'Write `x-google-management` at the root.',
  'x-google-api-management': 'Write `x-google-api-management` at the root.',
  'x-google-endpoints': 'Write `x-google-endpoints` at the root, of OpenAPI 2.0.',
  'x-google-endpoint': 'Write `x-google-endpoint` in one of `servers`, of OpenAPI 3.x.',
  'x-google-quota': 'Write `x-google-quota` in an operation.',
  'x-google-backend': 'Write `x-google-backend` at the root, or in an operation.',
  'x-google-parameter': 'Write `x-google-parameter` in a parameter of the path.',
  'x-google-mcp-tool': 'Write `x-google-mcp-tool` in an operation.',
  'x-google-api-name': 'Write `x-google-api-name` at the root.',
};
