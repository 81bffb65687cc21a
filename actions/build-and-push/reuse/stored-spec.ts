import { createHash } from 'node:crypto';
import type { TokenClient } from '@gangway/auth';
import { type Artifact, getArtifact, type HeldManifest, putArtifact } from '@gangway/registry';
import { documentName } from './document-name.ts';

/** What a document is among the things that refer to an image. */
export const TYPE = 'application/vnd.gangway.openapi.v1';

/** A document that spec_command printed when an image was built. */
interface StoredSpec {
  /** `openapi.json` or `openapi.yaml`. */
  readonly name: string;
  readonly content: Buffer;
}

/** What a command printed in the image of a key; undefined where that is not in the registry. */
export async function readSpec(
  auth: TokenClient,
  image: string,
  key: string,
  specCommand: string,
): Promise<StoredSpec | undefined> {
  const { content } = (await getArtifact(auth, image, specTag(key, specCommand), TYPE)) ?? {};
  const name = content && documentName(content.toString());
  return name && { name, content };
}

/** Keeps what a command printed beside the image, for the next build of the same sources. */
export async function storeSpec(
  auth: TokenClient,
  image: string,
  key: string,
  specCommand: string,
  content: Buffer,
  built: HeldManifest,
): Promise<void> {
  await putArtifact(auth, image, specTag(key, specCommand), artifactOf(content), built);
}

/** A document as it is kept beside an image: the same content is the same artifact. */
export function artifactOf(content: Buffer): Artifact {
  const json = documentName(content.toString()) === 'openapi.json';
  return { type: TYPE, mediaType: `application/vnd.oai.openapi${json ? '+json' : ''}`, content };
}

/** Another command may print another document of the same image. */
function specTag(key: string, specCommand: string): string {
  return `gangway-${createHash('sha256').update(`${key}\n${specCommand}`).digest('hex').slice(0, 40)}.openapi`;
}
