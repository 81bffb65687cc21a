/** An image of any registry, its defaults filled in. */
export interface Reference {
  /** Where its registry answers, e.g. `registry-1.docker.io`. */
  readonly host: string;
  /** e.g. `library/node`. */
  readonly path: string;
  /** Empty where only a digest is given. */
  readonly tag: string;
  readonly digest: string | undefined;
}

const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/**
 * Reads an image reference as Docker does: without a host it is Docker Hub's, without a tag it is `latest`.
 *
 * @returns undefined for a text that is none
 * @see https://github.com/distribution/reference (normalization)
 */
export function parseReference(text: string): Reference | undefined {
  const [name = '', digest] = text.split('@', 2);
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
  const [, untagged = '', tag] = /^(.+?)(?::([\w][\w.-]{0,127}))?$/.exec(name) ?? [];
  const [first = '', ...rest] = untagged.split('/');
  const hosted = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = hosted ? first : 'docker.io';
  const given = hosted ? rest.join('/') : untagged;
  const isHub = host === 'docker.io' || host === 'index.docker.io';
  const path = isHub && !given.includes('/') ? `library/${given}` : given;
  if (!PATH.test(path)) return undefined;
  return {
    host: isHub ? 'registry-1.docker.io' : host,
    path,
    tag: tag ?? (digest ? '' : 'latest'),
    digest,
  };
}
