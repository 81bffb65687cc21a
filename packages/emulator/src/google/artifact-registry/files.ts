import { timestamp } from '../../kernel/clock.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { listed } from '../../kernel/resources/listing.ts';
import type { Context } from './context.ts';
import { missing, repositoryOf } from './repositories.ts';
import type { StoredRepository } from './state.ts';

/** GET …/files (https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.files): manifests and blobs. */
export function listFiles(call: Call, cloud: Context): Reply {
  return listed(call, 'files', filesOf(repositoryOf(call, cloud)));
}

export function getFile(call: Call, cloud: Context): Reply {
  const id = decodeURIComponent(call.params.file ?? '');
  const found = filesOf(repositoryOf(call, cloud)).find(({ name }) => name.endsWith(`/files/${id}`));
  if (!found) throw missing();
  return { body: found };
}

function filesOf({ resource, images }: StoredRepository): { name: string; [field: string]: unknown }[] {
  const files = new Map<string, { name: string; [field: string]: unknown }>();
  for (const image of images.list())
    for (const manifest of image.manifests.values()) {
      const { digest, uploaded, updated, blobs, bytes } = manifest;
      const owner = `${resource.name}/packages/${encodeURIComponent(image.name)}/versions/${digest}`;
      for (const part of [{ digest, size: bytes.length }, ...blobs])
        files.set(part.digest, {
          name: `${resource.name}/files/${part.digest}`,
          ...{ sizeBytes: String(part.size), owner },
          hashes: [
            { type: 'SHA256', value: Buffer.from(part.digest.split(':')[1] ?? '', 'hex').toString('base64') },
          ],
          ...{
            createTime: timestamp(uploaded),
            updateTime: timestamp(updated),
            fetchTime: timestamp(uploaded),
          },
        });
    }
  return [...files.values()];
}
