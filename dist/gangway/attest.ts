import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Stands in for actions/attest: pushes a Sigstore bundle beside an image, with the credentials that the real one finds below HOME. It
 * has the real one's form and an empty signature, as nothing here could sign it, or check that.
 */

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY = Buffer.from('{}');

const {
  WITH_SUBJECT_NAME: name = '',
  WITH_SUBJECT_DIGEST: digest = '',
  SIGNER: signer = '',
  HOME: home = '',
  GANGWAY_REGISTRY_HOST: registry = '',
  GITHUB_REPOSITORY: repository = '',
  GITHUB_SHA: commit = '',
} = process.env;

const host = name.split('/')[0] ?? '';
const { auths } = JSON.parse(readFileSync(join(home, '.docker/config.json'), 'utf8')) as {
  auths: Readonly<Record<string, { readonly auth: string }>>;
};
const authorization = `Basic ${auths[host]?.auth}`;
const root = `http://${registry}/v2/${name}`;

const image = await ask('GET', `${root}/manifests/${digest}`, { accept: '*/*' });
const subject = {
  mediaType: image.headers.get('content-type') ?? '',
  digest,
  size: (await image.arrayBuffer()).byteLength,
};
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name, digest: { sha256: digest.replace('sha256:', '') } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: { buildDefinition: { externalParameters: { workflow: { repository, commit, signer } } } },
};
const bundle = Buffer.from(
  JSON.stringify({
    mediaType: BUNDLE,
    verificationMaterial: {},
    dsseEnvelope: {
      payloadType: 'application/vnd.in-toto+json',
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      signatures: [],
    },
  }),
);
for (const blob of [EMPTY, bundle]) await upload(blob);
const manifest = JSON.stringify({
  ...{ schemaVersion: 2, mediaType: MANIFEST, artifactType: BUNDLE, subject },
  config: described('application/vnd.oci.empty.v1+json', EMPTY),
  layers: [described(BUNDLE, bundle)],
});
await ask('PUT', `${root}/manifests/${digestOf(manifest)}`, { 'content-type': MANIFEST }, manifest);
console.log(`An attestation is beside ${name}@${digest}.`);

async function upload(blob: Buffer<ArrayBuffer>): Promise<void> {
  const { headers } = await ask('POST', `${root}/blobs/uploads/`, {});
  const place = new URL(headers.get('location') ?? '', root);
  place.searchParams.set('digest', digestOf(blob));
  await ask('PUT', place.href, { 'content-type': 'application/octet-stream' }, blob);
}

async function ask(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: string | Buffer<ArrayBuffer>,
): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: { authorization, ...headers },
    ...(body && { body }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}

function described(mediaType: string, content: Buffer): object {
  return { mediaType, digest: digestOf(content), size: content.byteLength };
}

function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
