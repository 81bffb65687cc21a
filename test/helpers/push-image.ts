import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Job } from './job.ts';

const execute = promisify(execFile);

interface Pushed {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
}

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** Pushes an image without layers, with these labels, as any client would. @param tag default: none, by its digest alone */
export async function pushImage(
  job: Job,
  image: string,
  labels: Readonly<Record<string, string>>,
  tag?: string,
): Promise<Pushed> {
  const config = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: labels }, rootfs: {} }),
  );
  const digest = digestOf(config);
  const { headers } = await send(job, 'POST', `${image}/blobs/uploads/`);
  await send(job, 'PUT', `${headers.get('location')}?digest=${digest}`, config);
  const descriptor = { mediaType: CONFIG, digest, size: config.length };
  return pushManifest(job, image, { mediaType: IMAGE, config: descriptor, layers: [] }, tag);
}

/** Pushes an image of one program that needs nothing else, such as a static busybox, as `/NAME`. */
export async function pushProgram(job: Job, image: string, program: string): Promise<Pushed> {
  const { stdout: layer } = await execute('tar', ['-C', dirname(program), '-cf', '-', basename(program)], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const rootfs = { type: 'layers', diff_ids: [digestOf(layer)] };
  const settings = { Entrypoint: [`/${basename(program)}`, 'sleep', '2147483647'] };
  const config = Buffer.from(JSON.stringify({ architecture, os: 'linux', config: settings, rootfs }));
  return pushLayers(job, image, config, [layer], undefined);
}

/** Pushes the image of an archive that `docker save` made. */
export async function pushArchive(job: Job, image: string, archive: string, tag: string): Promise<Pushed> {
  const read = async (path: string) =>
    (await execute('tar', ['-xOf', archive, path], { encoding: 'buffer', maxBuffer: 1024 ** 3 })).stdout;
  const [{ Config, Layers }] = JSON.parse((await read('manifest.json')).toString());
  const layers: Buffer[] = [];
  for (const path of Layers) layers.push(await read(path));
  return pushLayers(job, image, await read(Config), layers, tag);
}

/** @param layers each a tar file, which stays as it is: to compress it takes longer than all else */
async function pushLayers(
  job: Job,
  image: string,
  config: Buffer,
  layers: readonly Buffer[],
  tag: string | undefined,
): Promise<Pushed> {
  const push = async (mediaType: string, bytes: Buffer) => {
    const digest = digestOf(bytes);
    const { headers } = await send(job, 'POST', `${image}/blobs/uploads/`);
    await send(job, 'PUT', `${headers.get('location')}?digest=${digest}`, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const descriptors = [];
  for (const layer of layers) descriptors.push(await push(LAYER, layer));
  const manifest = { mediaType: IMAGE, config: await push(CONFIG, config), layers: descriptors };
  return pushManifest(job, image, manifest, tag);
}

/** Pushes an index of images that are there. */
export function pushIndex(
  job: Job,
  image: string,
  children: readonly Pushed[],
  tag: string,
): Promise<Pushed> {
  const platform = { architecture: 'amd64', os: 'linux' };
  const manifests = children.map((child) => ({ ...child, platform }));
  return pushManifest(job, image, { mediaType: INDEX, manifests }, tag);
}

async function pushManifest(
  job: Job,
  image: string,
  manifest: Readonly<Record<string, unknown>> & { readonly mediaType: string },
  tag: string | undefined,
): Promise<Pushed> {
  const { mediaType } = manifest;
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, ...manifest }));
  const digest = digestOf(bytes);
  await send(job, 'PUT', `${image}/manifests/${tag ?? digest}`, bytes, mediaType);
  return { digest, mediaType, size: bytes.length };
}

/** @param path an image as Docker writes it and what is below, or a path that the registry gave */
async function send(
  { cloud }: Job,
  method: string,
  path: string,
  body?: Buffer,
  type = 'application/octet-stream',
): Promise<Response> {
  const { token } = cloud.tokens.issue(
    { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
    600,
  );
  const response = await fetch(new URL(path.startsWith('/') ? path : `/v2/${path}`, cloud.origin), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    ...(body && { body: new Uint8Array(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
