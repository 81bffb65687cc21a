import type { BuildEvent } from './build-event.ts';

/**
 * The OCI annotations that say what an image is and where it comes from, for its labels and annotations. All of them are
 * the commit's, `created` too: the same commit built again is the same image.
 *
 * @param version the image's main tag
 * @see https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function imageMetadata(
  { repository, sha, committed }: BuildEvent,
  version: string | undefined,
): Record<string, string> {
  const { name, description, url, license } = repository;
  const values: Readonly<Record<string, string | undefined>> = {
    title: name,
    description,
    url,
    source: url,
    version,
    created: committed?.toISOString(),
    revision: sha,
    licenses: license,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value ? [[`org.opencontainers.image.${key}`, value]] : [],
    ),
  );
}
