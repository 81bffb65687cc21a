import { createHash } from 'node:crypto';
import { IDENTITY } from '../inputs/identity.ts';
import type { Inputs } from '../inputs.ts';

/** What was found out about the sources of a build. */
export interface Sources {
  /** The Dockerfile as it is. */
  readonly text: string;
  /** The build arguments that reach the build. */
  readonly args: Readonly<Record<string, string>>;
  /** Digest of the build context. */
  readonly context: string;
  /** Digests of the directories and images that `build_contexts` names, by name. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Digests of the base images, by reference. */
  readonly images: Readonly<Record<string, string>>;
}

/** Labels that tell of one build: the commit it was made from and when. They change without what is in the image. */
const OF_THE_BUILD = new Set([
  IDENTITY,
  ...['revision', 'created', 'version'].map((name) => `org.opencontainers.image.${name}`),
]);

/** What the scheme below is called; another one makes other keys. */
const SCHEME = 1;

/**
 * The key of an image: what decides what is in it, in 40 hexadecimal digits. Two builds of one key may differ only as
 * two builds of the very same sources do.
 *
 * @param platform what is built for where no platforms are given
 */
export function contentKey(inputs: Inputs, sources: Sources, platform: string): string {
  const { text, context, contexts, images } = sources;
  const { secrets, secretFiles, ssh, platforms } = inputs;
  const content = {
    scheme: SCHEME,
    dockerfile: createHash('sha256').update(text).digest('hex'),
    context,
    contexts: pairs(contexts),
    images: pairs(images),
    target: inputs.target?.toLowerCase() ?? '',
    platforms: platforms.length > 0 ? platforms.toSorted() : [platform],
    args: pairs(sources.args),
    labels: pairs(withoutBuild(inputs.labels)),
    annotations: pairs(withoutBuild(inputs.annotations)),
    // Their values must not make another image, and would be told by a hash that others can see.
    secrets: [...Object.keys(secrets), ...Object.keys(secretFiles)].toSorted(),
    ssh: ssh.map((agent) => agent.split('=')[0]).toSorted(),
    network: inputs.network ?? '',
    addHosts: inputs.addHosts.toSorted(),
    attestations: [inputs.provenance ?? '', inputs.sbom ?? ''],
    compression: inputs.compression,
    reproducible: inputs.reproducible,
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 40);
}

/** Labels without those that tell of one build. */
export function withoutBuild(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) => !OF_THE_BUILD.has(name.replace(/^.*:/, ''))),
  );
}

/** The entries in the order of their names, whatever order they were given in. */
export function pairs(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
