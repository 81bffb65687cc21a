import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cancellation, counted, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import {
  getArtifact,
  getManifest,
  listReferrer,
  putArtifact,
  type Referrer,
  referrersOf,
} from '@gangway/registry';
import { placeOf } from '../copy/copy-image.ts';
import { documentName } from '../reuse/document-name.ts';
import { artifactOf, TYPE } from '../reuse/stored-spec.ts';

/** When it was put there. */
const CREATED = 'org.opencontainers.image.created';

/**
 * Puts the document beside the image in the registry, as something that refers to it: whoever deploys the image later, or in another
 * project, finds it there. That it can't be put there is a warning: the image itself is pushed.
 *
 * @param image as Docker writes it, without a tag
 * @param spec path of the document
 */
export async function attach(image: string, digest: string, spec: string, auth: TokenClient): Promise<void> {
  try {
    const content = await readFile(spec);
    if (content.equals((await newest(image, digest, auth)) ?? Buffer.alloc(0))) return;
    const built = await getManifest(auth, image, digest);
    if (!built) return;
    const annotations = { [CREATED]: new Date().toISOString() };
    const artifact = { ...artifactOf(content), annotations };
    const referrer = await putArtifact(auth, image, undefined, artifact, built);
    await listReferrer(placeWith(image, auth), digest, referrer);
    log.info(`Stored the OpenAPI document with ${image}@${digest}.`);
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(
      `The OpenAPI document could not be stored with the image, so another job needs spec_command to get it: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/**
 * The document that the build of an image put beside it, written to a file.
 *
 * @returns its path; undefined where there is none
 */
export async function readAttached(
  image: string,
  digest: string,
  auth: TokenClient,
  scratch: string,
): Promise<string | undefined> {
  const content = await newest(image, digest, auth);
  if (!content) return undefined;
  const path = join(scratch, documentName(content.toString()) ?? 'openapi.json');
  await writeFile(path, content);
  log.info(`The image came with its OpenAPI document: ${counted(content.length, 'byte')}.`);
  return path;
}

/** The document that was put beside an image last: the same image may have been built of sources with another one. */
async function newest(image: string, digest: string, auth: TokenClient): Promise<Buffer | undefined> {
  const found = (await referrersOf(placeWith(image, auth), digest)).filter(
    ({ artifactType }) => artifactType === TYPE,
  );
  const when = ({ annotations }: Referrer) => annotations?.[CREATED] ?? '';
  const [last] = found.toSorted((a, b) => (when(a) < when(b) ? 1 : -1));
  return last && (await getArtifact(auth, image, last.digest, TYPE))?.content;
}

function placeWith(image: string, auth: TokenClient) {
  return placeOf(image, async () => ({
    username: 'oauth2accesstoken',
    password: (await auth.getYoungToken()).token,
  }));
}
