import { fields, list, map, number, object, parseJson, text, unexpected } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { readRegistry } from '../client/request.ts';
import { putBlob } from './artifact.ts';
import { digestOf, getManifest, type HeldManifest, putManifest } from './held-manifest.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Manifest {
  readonly mediaType?: string;
  readonly config: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const DESCRIPTOR = fields<Descriptor>(
  { mediaType: text, digest: text, size: number },
  'mediaType',
  'digest',
  'size',
);
const MANIFEST = fields<Manifest>(
  { mediaType: text, config: DESCRIPTOR, layers: list(DESCRIPTOR), annotations: map(text) },
  'config',
);

const OCI = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
};
/** Docker's names of layers, and OCI's of the same bytes. */
const LAYERS: Readonly<Record<string, string>> = {
  'application/vnd.docker.image.rootfs.diff.tar.gzip': 'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.docker.image.rootfs.diff.tar': 'application/vnd.oci.image.layer.v1.tar',
};

/**
 * Puts labels on an image in a registry, and annotations on its manifest, in a manifest of its own by digest: the layers stay
 * what they are, and no tag moves. Annotations are OCI's, so with them the manifest becomes one of OCI.
 *
 * @param digest of an image, not of an index
 * @returns the new manifest, which is in the registry
 * @throws ActionError `registry`, `unreachable`
 */
export async function relabelImage(
  auth: AuthClient,
  image: string,
  digest: string,
  {
    labels,
    annotations,
  }: { labels: Readonly<Record<string, string>>; annotations: Readonly<Record<string, string>> },
): Promise<HeldManifest> {
  const held = await getManifest(auth, image, digest);
  const what = `The manifest ${image}@${digest}`;
  if (!held) throw unexpected(what, 'the registry does not hold it');
  // What is not looked at goes along as it is.
  const whole = parseJson(held.bytes, what, object);
  const {
    mediaType = held.mediaType,
    config,
    layers = [],
    annotations: own,
  } = parseJson(held.bytes, what, MANIFEST);
  const given = await readRegistry(auth, image, `blobs/${config.digest}`, object);
  const run = Object(given.config) as { Labels?: object };
  const content = Buffer.from(
    JSON.stringify({ ...given, config: { ...run, Labels: { ...run.Labels, ...labels } } }),
  );
  await putBlob(auth, image, content);
  const toOci = Object.keys(annotations).length > 0;
  const manifest = {
    ...whole,
    mediaType: toOci ? OCI.manifest : mediaType,
    config: {
      ...config,
      mediaType: toOci ? OCI.config : config.mediaType,
      digest: digestOf(content),
      size: content.length,
    },
    layers: toOci
      ? layers.map((layer) => ({ ...layer, mediaType: LAYERS[layer.mediaType] ?? layer.mediaType }))
      : whole.layers,
    ...(toOci && { annotations: { ...own, ...annotations } }),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const made = { digest: digestOf(bytes), mediaType: manifest.mediaType, bytes };
  await putManifest(auth, image, made.digest, made);
  return made;
}
