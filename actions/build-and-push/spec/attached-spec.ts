import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, cancellation, counted, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { getArtifact, getManifest, listReferrer, putArtifact, referrersOf } from '@gangway/registry';
import { placeOf } from '../copy/copy-image.ts';
import { artifactOf, TYPE } from '../reuse/stored-spec.ts';
import { documentName } from './document-name.ts';

/**
 * Puts the document beside the image in the registry, as something that refers to it: whoever deploys the image later, or in another
 * project, finds it there. That it can't be put there is a warning: the image itself is pushed.
 *
 * @param image as Docker writes it, without a tag
 * @param spec path of the document
 */
export async function attach(image: string, digest: string, spec: string, auth: TokenClient): Promise<void> {
  try {
    const built = await getManifest(auth, image, digest);
    if (!built) return;
    const referrer = await putArtifact(auth, image, undefined, artifactOf(await readFile(spec)), built);
    await listReferrer(placeWith(image, auth), digest, referrer);
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(
      `The OpenAPI document could not be put beside the image, so that another job needs spec_command to have it: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/**
 * The document that the build of an image put beside it, written to a file.
 *
 * @returns its path; undefined where there is none
 * @throws ActionError `spec-ambiguous` where builds with different commands put different ones there
 */
export async function readAttached(
  image: string,
  digest: string,
  auth: TokenClient,
  scratch: string,
): Promise<string | undefined> {
  const all = (await referrersOf(placeWith(image, auth), digest)).filter(
    ({ artifactType }) => artifactType === TYPE,
  );
  const documents = new Map<string, Buffer>();
  for (const referrer of all) {
    const found = await getArtifact(auth, image, referrer.digest, TYPE);
    if (found) documents.set(found.content.toString('base64'), found.content);
  }
  const [content, another] = documents.values();
  if (!content) return undefined;
  if (another)
    throw new ActionError(
      `${image}@${digest} has ${counted(documents.size, 'OpenAPI document')} beside it.`,
      {
        code: 'spec-ambiguous',
        hint: 'set spec_command to the command that prints the one you mean',
      },
    );
  const path = join(scratch, documentName(content.toString()) ?? 'openapi.json');
  await writeFile(path, content);
  log.info(`The image came with its OpenAPI document: ${counted(content.length, 'byte')}.`);
  return path;
}

function placeWith(image: string, auth: TokenClient) {
  return placeOf(image, async () => ({
    username: 'oauth2accesstoken',
    password: (await auth.getYoungToken()).token,
  }));
}
