import { createHash } from 'node:crypto';
import { fields, number, parseJson, unexpected } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { askRegistry } from '../client/request.ts';
import { MEDIA_TYPES } from './media-types.ts';

/** A manifest or index, byte for byte as the registry holds it. */
export interface HeldManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

const MANIFEST = fields<{ schemaVersion: number }>({ schemaVersion: number }, 'schemaVersion');

/**
 * The manifest that a tag or digest names, or undefined if it is not there.
 *
 * @param image as Docker writes it: `HOST/PATH`
 * @throws ActionError `registry`, `unreachable`
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export async function getManifest(
  auth: AuthClient,
  image: string,
  reference: string,
): Promise<HeldManifest | undefined> {
  const { status, headers, body } = await askRegistry(auth, {
    method: 'GET',
    image,
    path: `manifests/${reference}`,
    headers: { accept: MEDIA_TYPES.join(', ') },
  });
  if (status === 404) return undefined;
  const digest = digestOf(body);
  if (reference.includes(':') && digest !== reference)
    throw unexpected(`GET ${image}@${reference}`, `it is the manifest ${digest}`);
  // A page that answers in the registry's place is no manifest.
  parseJson(body, `GET ${image}:${reference}`, MANIFEST);
  return { digest, mediaType: headers.get('content-type') ?? '', bytes: body };
}

/**
 * Puts a manifest under a tag or its digest, as it is.
 *
 * @throws ActionError `registry`, `unreachable`
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
 */
export async function putManifest(
  auth: AuthClient,
  image: string,
  reference: string,
  { mediaType, bytes }: Omit<HeldManifest, 'digest'>,
): Promise<void> {
  await askRegistry(auth, {
    method: 'PUT',
    image,
    path: `manifests/${reference}`,
    headers: { 'content-type': mediaType },
    body: bytes,
  });
}

/** `sha256:HEX` of some bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
