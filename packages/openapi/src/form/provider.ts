import { asObject, inWords, type Json, type JsonObject, own } from '../json.ts';
import { below, type Place } from '../place.ts';
import { quoted, type Say } from './say.ts';
import { listOf, objectOf, type Shape, text, url, word } from './shape.ts';

const location = (prefix: string): Shape => {
  const shape = objectOf({ fields: { header: word, query: word, [prefix]: text }, others: 'refused' });
  return (value, place, name, fault) => {
    shape(value, place, name, fault);
    const places = Object.keys(asObject(value) ?? {}).filter((key) => key === 'header' || key === 'query');
    if (asObject(value) !== undefined && places.length !== 1)
      fault(place, `${name} is ${quoted(value)}; it must have one of \`header\` and \`query\`.`);
  };
};

/** Who issues the tokens of a scheme, in the words of either family; both are read wherever they stand. */
export const PROVIDER: Readonly<Record<string, Shape>> = {
  'x-google-issuer': word,
  'x-google-jwks_uri': url,
  'x-google-audiences': text,
  'x-google-jwt-locations': listOf(location('value_prefix')),
  'x-google-auth': objectOf({
    fields: {
      'issuer!': word,
      jwksUri: url,
      audiences: listOf(word),
      jwtLocations: listOf(location('valuePrefix')),
    },
    others: 'refused',
  }),
  'x-issuer': word,
  'x-jwks_uri': url,
};

/** Names that Google has given up, and what they are called now: https://github.com/googleapis/api-compiler, AuthBuilder.java. */
const RENAMED = [
  ['x-issuer', 'x-google-issuer'],
  ['x-jwks_uri', 'x-google-jwks_uri'],
] as const;

/** Says which of a scheme's fields go by an old name. Beside the current one, Google refuses it. */
export function checkRenamed(
  scheme: JsonObject,
  place: Place,
  name: string,
  fault: (place: Place, message: string) => void,
  say: Say,
): void {
  for (const [old, current] of RENAMED) {
    if (own(scheme, old) === undefined) continue;
    if (own(scheme, current) === undefined)
      say('google-renamed', below(place, old), `${name} has \`${old}\`, which is read as \`${current}\`.`);
    else fault(below(place, old), `${name} has both \`${old}\` and \`${current}\`; write the latter only.`);
  }
}

/** Google's two ways to write a provider, in one scheme: which of two answers is meant, nobody can say. */
export function checkFamilies(
  scheme: JsonObject,
  place: Place,
  name: string,
  fault: (place: Place, message: string) => void,
): void {
  const auth = asObject(own(scheme, 'x-google-auth'));
  if (auth === undefined) return;
  for (const [old, current, plain] of FAMILIES) {
    const [stated, other] = [own(scheme, old), own(auth, current)];
    if (stated === undefined || other === undefined || plain(stated) === plain(other)) continue;
    fault(
      below(place, old),
      `${name} has the \`${old}\` ${inWords(stated)}, and in \`x-google-auth\` the \`${current}\` ${inWords(other)}; write one of them.`,
    );
  }
}

/** The fields of either family that say the same, and what of their values counts. */
const FAMILIES: readonly (readonly [string, string, (value: Json) => string])[] = [
  ['x-google-issuer', 'issuer', inWords],
  ['x-issuer', 'issuer', inWords],
  ['x-google-jwks_uri', 'jwksUri', inWords],
  ['x-jwks_uri', 'jwksUri', inWords],
  ['x-google-audiences', 'audiences', audiencesIn],
  [
    'x-google-jwt-locations',
    'jwtLocations',
    (value) => inWords(value).replaceAll('value_prefix', 'valuePrefix'),
  ],
];

function audiencesIn(value: Json): string {
  const audiences = Array.isArray(value) ? value.map(inWords) : inWords(value).split(',');
  return [...new Set(audiences.map((audience) => audience.trim()).filter(Boolean))].sort().join();
}
