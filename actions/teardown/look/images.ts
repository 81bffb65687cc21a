import { ActionError } from '@gangway/action';
import { registryOverride } from '@gangway/google-cloud';
import { fields, list, parseJson, text } from '@gangway/http';
import {
  dockerName,
  formatImageName,
  getManifest,
  IDENTITY_LABEL,
  type ImageName,
  imageLabels,
  packagePath,
} from '@gangway/registry';
import { findAll } from './ask.ts';
import type { Asker } from './asker.ts';
import { inParallel } from './in-parallel.ts';

/** A version of an image: an image, an index, or something that goes with one. */
export interface Version {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Digests of the images and attestations in an index. */
  readonly children: readonly string[];
  /** What build-and-push built: it says so itself, or belongs to what does. */
  readonly isBuilt: boolean;
}

export interface FoundImage {
  /** Where Artifact Registry's own API has it, below the version of the API. */
  readonly path: string;
  /** `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME`. */
  readonly image: string;
  /** Empty when there is no such image. */
  readonly versions: readonly Version[];
}

interface Listed {
  readonly name: string;
  readonly relatedTags?: readonly { readonly name?: string }[];
}

const PAGE = fields<{ versions?: readonly Listed[]; nextPageToken?: string }>({
  versions: list(
    fields<Listed>({ name: text, relatedTags: list(fields<{ name?: string }>({ name: text })) }, 'name'),
  ),
  nextPageToken: text,
});

interface Manifest {
  readonly artifactType?: string;
  readonly config?: { readonly mediaType?: string };
  readonly manifests?: readonly { readonly digest?: string }[];
  readonly subject?: { readonly digest?: string };
}

const MANIFEST = fields<Manifest>({
  artifactType: text,
  config: fields<{ mediaType?: string }>({ mediaType: text }),
  manifests: list(fields<{ digest?: string }>({ digest: text })),
  subject: fields<{ digest?: string }>({ digest: text }),
});

/** What build-and-push keeps beside an image that it built. */
const OWN_ARTIFACT = /^application\/vnd\.gangway\./;
const IMAGE_CONFIG = /^application\/vnd\.(oci|docker)[\w.]*image[\w.]*\+json$/;
/** Versions of an image, and how many are read at once. */
const MOST = 2000;
const AT_ONCE = 8;

/** @throws ActionError `too-many-versions` */
export async function lookAtImages(asker: Asker, images: readonly ImageName[]): Promise<FoundImage[]> {
  const found: FoundImage[] = [];
  for (const image of images)
    found.push({
      image: formatImageName(image),
      path: packagePath(image),
      versions: await versionsOf(asker, image),
    });
  return found;
}

async function versionsOf(asker: Asker, image: ImageName): Promise<Version[]> {
  const path = `v1/${packagePath(image)}/versions`;
  const listed = await findAll(
    asker,
    { service: 'artifactregistry', path, query: { view: 'FULL' } },
    (value, place) => {
      const { versions: items = [], nextPageToken: next } = PAGE(value, place);
      return { items, next };
    },
  );
  if (listed.length > MOST)
    throw new ActionError(
      `${formatImageName(image)} has ${listed.length} versions, more than the ${MOST} that one step looks through.`,
      {
        code: 'too-many-versions',
        hint: 'delete old ones first, with the cleanup_policies of build-and-push or by hand',
      },
    );
  const { auth } = asker;
  const reference = dockerName(image, registryOverride());
  const read = await inParallel(listed, AT_ONCE, async ({ name, relatedTags = [] }) => {
    const digest = name.split('/').at(-1) ?? '';
    const held = await getManifest(auth, reference, digest);
    const manifest = held ? parseJson(held.bytes, `The manifest ${reference}@${digest}`, MANIFEST) : {};
    return { digest, tags: relatedTags.map(idOf), manifest };
  });
  const there = new Set(read.map(({ digest }) => digest));
  const parents = new Map<string, string[]>();
  for (const { digest, manifest } of read)
    for (const child of childrenOf(manifest)) parents.set(child, [...(parents.get(child) ?? []), digest]);
  // An index says what its first image says, and what is in it goes with it. That of a build cache lists layers.
  const heads = read.filter(
    ({ digest, manifest }) =>
      !parents.has(digest) && isImage(manifest) && childrenOf(manifest).every((child) => there.has(child)),
  );
  const labelled = new Set<string>();
  await inParallel(heads, AT_ONCE, async ({ digest }) => {
    if (IDENTITY_LABEL in (await imageLabels(auth, reference, digest))) labelled.add(digest);
  });
  const isBuilt = (digest: string): boolean =>
    labelled.has(digest) || (parents.get(digest) ?? []).some(isBuilt);
  return read.map(({ manifest, ...version }) => ({
    ...version,
    children: childrenOf(manifest),
    isBuilt:
      isBuilt(version.digest) ||
      (OWN_ARTIFACT.test(manifest.artifactType ?? '') && isBuilt(manifest.subject?.digest ?? '')),
  }));
}

function isImage({ manifests, config, artifactType }: Manifest): boolean {
  return (
    artifactType === undefined && (manifests !== undefined || IMAGE_CONFIG.test(config?.mediaType ?? ''))
  );
}

function childrenOf({ manifests = [] }: Manifest): string[] {
  return manifests.flatMap(({ digest }) => digest ?? []);
}

function idOf({ name = '' }: { readonly name?: string }): string {
  return name.split('/').at(-1) ?? '';
}
