import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createScratch } from '@gangway/action';
import type { Emitted } from '@gangway/openapi';

/** Writes the emitted document for later steps, before anything is deployed: a full disk is no reason to fail after that. */
export async function writeDocument({ path, contents }: Emitted): Promise<string> {
  const spec = join(await createScratch(), path);
  await writeFile(spec, contents);
  return spec;
}
