import { readFile } from 'node:fs/promises';
import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { getManifest, setTag } from '@gangway/registry';
import type { Inputs } from '../inputs.ts';
import { keyTag } from './find-built.ts';
import { storeSpec } from './stored-spec.ts';

/** What was built, as far as it is to be found again. */
export interface Remembered {
  readonly key: string | undefined;
  readonly digest: string;
  /** Path of the document that spec_command printed. */
  readonly spec: string | undefined;
}

/**
 * Puts a built image under its key, and the document beside it, for the next build of the same sources. A registry that
 * does not take them costs the next build its short cut, not this one its success.
 */
export async function remember(
  { specCommand }: Inputs,
  image: string,
  { key, digest, spec }: Remembered,
  auth: TokenClient,
): Promise<void> {
  if (!key) return;
  try {
    const manifest = await getManifest(auth, image, digest);
    if (!manifest) return;
    // The document first: an image under its key without it would be of no use.
    if (specCommand && spec) await storeSpec(auth, image, key, specCommand, await readFile(spec), manifest);
    await setTag(auth, image, manifest, keyTag(key));
    log.info(`${image}:${keyTag(key)} is stored for the next build of the same sources.`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.info(
      `The image could not be stored under its key, so the same sources will be built again next time: ${why}`,
    );
  }
}
