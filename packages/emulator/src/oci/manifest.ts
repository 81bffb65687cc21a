import { createHash } from 'node:crypto';
import { RegistryError } from './errors.ts';

const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size: number;
  /** Present on layers that the registry does not hold itself. */
  readonly urls?: readonly string[];
}

/** A manifest exactly as it was pushed, and what its JSON says. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Descriptors of the configuration and the layers. */
  readonly blobs: readonly Descriptor[];
  readonly config: Descriptor | undefined;
  /** Descriptors of an index's manifests. */
  readonly manifests: readonly Descriptor[];
  /** Digest of the manifest this one refers to. */
  readonly subject: string | undefined;
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads a pushed manifest of Docker's schema 2 or of the OCI image specification, single or index.
 * @throws RegistryError MANIFEST_INVALID
 */
export function parseManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  const json = parseJson(bytes);
  const sent = contentType?.split(';')[0]?.trim();
  const inside = typeof json.mediaType === 'string' ? json.mediaType : undefined;
  if (inside && sent && inside !== sent) {
    throw invalid(`Media type '${inside}' of the manifest does not match the Content-Type '${sent}'`);
  }
  const mediaType = inside ?? sent ?? '';
  const isIndex = mediaType === DOCKER_LIST || mediaType === OCI_INDEX;
  if (!isIndex && mediaType !== DOCKER_MANIFEST && mediaType !== OCI_MANIFEST) {
    throw invalid(`Unsupported manifest media type '${mediaType}'`);
  }
  if (json.schemaVersion !== 2) throw invalid(`Unsupported schema version ${json.schemaVersion}`);
  const config = isIndex ? undefined : descriptor(json.config, 'config');
  return {
    digest: digestOf(bytes),
    mediaType,
    bytes,
    blobs: config ? [config, ...descriptors(json.layers, 'layers')] : [],
    config,
    manifests: isIndex ? descriptors(json.manifests, 'manifests') : [],
    subject: json.subject === undefined ? undefined : descriptor(json.subject, 'subject').digest,
    artifactType: typeof json.artifactType === 'string' ? json.artifactType : undefined,
    annotations: json.annotations as Readonly<Record<string, string>> | undefined,
  };
}

/** `sha256:HEX` of some bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Whether a text is a digest of the one algorithm Artifact Registry takes. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (json !== null && typeof json === 'object' && !Array.isArray(json))
      return json as Record<string, unknown>;
  } catch {
    // Told below, with the other shapes that are no manifest.
  }
  throw invalid('Failed to parse manifest: it is not a JSON object');
}

function descriptors(list: unknown, field: string): Descriptor[] {
  if (!Array.isArray(list)) throw invalid(`Failed to parse manifest: '${field}' is not a list`);
  return list.map((entry, index) => descriptor(entry, `${field}[${index}]`));
}

function descriptor(value: unknown, field: string): Descriptor {
  const { mediaType, digest, size, urls } = (value ?? {}) as Record<string, unknown>;
  if (typeof digest !== 'string' || !isDigest(digest))
    throw invalid(`Failed to parse manifest: '${field}' has no valid digest`);
  if (typeof size !== 'number' || size < 0)
    throw invalid(`Failed to parse manifest: '${field}' has no valid size`);
  return {
    digest,
    size,
    ...(typeof mediaType === 'string' && { mediaType }),
    ...(Array.isArray(urls) && { urls }),
  };
}

function invalid(message: string): RegistryError {
  return new RegistryError('MANIFEST_INVALID', message);
}
