/** A registry of Google's, which the local cloud stands in for. */
const GOOGLE = /^(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)\//;

/**
 * What the engine knows an image by: those of Google's registries are in the local cloud's.
 *
 * @param registry its host, e.g. `127.0.0.1:8080`
 */
export function outward(reference: string, registry: string): string {
  return GOOGLE.test(reference) ? `${registry}/${reference}` : reference;
}

/** What a machine knows it by. */
export function inward(text: string, registry: string): string {
  return text.replaceAll(`${registry}/`, '');
}

/** A reference with the tag that it stands for where it has none. */
export function whole(reference: string): string {
  const name = reference.replace(/@.*$/, '');
  return reference.includes('@') || /:[^/]+$/.test(name) ? reference : `${reference}:latest`;
}
