import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { getManifest, type HeldManifest } from '@gangway/registry';
import { whyBuilding } from '@gangway/sources';
import type { Inputs } from '../inputs.ts';
import { readSpec } from './stored-spec.ts';

/** The tag under which the registry keeps an image by its key. */
export function keyTag(key: string): string {
  return `gangway-${key}`;
}

/** What was found before a build. */
export interface Found {
  /** Undefined where the sources have no key. */
  readonly key: string | undefined;
  /** The image that was built from the same sources before. */
  readonly image: { readonly manifest: HeldManifest; readonly spec: string | undefined } | undefined;
}

/**
 * Looks for an image that was built from the same sources. Nothing that goes wrong here fails the step: it builds then.
 *
 * @param keyOf finds the key of the sources
 * @param image as Docker writes it, without a tag
 * @param scratch the step's own directory, for the document that spec_command printed then
 */
export async function findBuilt(
  inputs: Inputs,
  keyOf: () => Promise<string>,
  image: string,
  auth: TokenClient,
  scratch: string,
): Promise<Found> {
  if (!inputs.reuse || inputs.noCache) return { key: undefined, image: undefined };
  const started = performance.now();
  let key: string | undefined;
  try {
    key = await keyOf();
    const [manifest, spec] = await Promise.all([
      getManifest(auth, image, keyTag(key)),
      inputs.specCommand ? readSpec(auth, image, key, inputs.specCommand) : undefined,
    ]);
    log.info(`The sources have the key ${key}, computed in ${Math.round(performance.now() - started)} ms.`);
    if (!manifest) return { key, image: undefined };
    if (inputs.specCommand && !spec) {
      log.info('An image with that key exists, but without its OpenAPI document: building.');
      return { key, image: undefined };
    }
    log.info(
      `${image}@${manifest.digest} was built from the same sources: nothing is built. It keeps its own labels.`,
    );
    return { key, image: { manifest, spec: spec && (await write(spec, scratch)) } };
  } catch (error) {
    log.info(whyBuilding(error));
    return { key, image: undefined };
  }
}

async function write({ name, content }: { name: string; content: Buffer }, scratch: string): Promise<string> {
  const path = join(scratch, name);
  await writeFile(path, content);
  return path;
}
