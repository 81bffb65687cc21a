/** What a registry asks of a client that it did not let in (RFC 9110, section 11.6.1). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/**
 * Reads `WWW-Authenticate`.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export function parseChallenge(header: string | null): Challenge | undefined {
  if (/^\s*basic\b/i.test(header ?? '')) return { scheme: 'basic' };
  if (!header || !/^\s*bearer\s/i.test(header)) return undefined;
  const fields = new Map(
    [...header.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare],
    ),
  );
  const realm = fields.get('realm');
  if (!realm) return undefined;
  return { scheme: 'bearer', realm, service: fields.get('service'), scope: fields.get('scope') };
}
