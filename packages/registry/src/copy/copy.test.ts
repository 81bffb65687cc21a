import { createHash, randomBytes } from 'node:crypto';
import { type RunningCloud, startCloud } from '@gangway/emulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registryClient } from '../client/registry-client.ts';
import { copyImage, type Place } from './copy.ts';

const OCI = 'application/vnd.oci.image';
let here: RunningCloud;
let there: RunningCloud;
let asked: { here: number; there: number };

beforeAll(async () => {
  here = await startCloud();
  there = await startCloud();
});
afterAll(async () => {
  await here.close();
  await there.close();
});

let count = 0;
beforeEach(async () => {
  count++;
  asked = { here: 0, there: 0 };
  for (const cloud of [here, there]) await createRepository(cloud, `apis${count}`);
});

describe('a copy from registry to registry', () => {
  it('keeps an index with its images and attestations byte for byte', async () => {
    const index = await pushIndex();
    const result = await copyImage(place('here'), place('there'), index, 'deployed');
    expect(result).toMatchObject({ copied: 5, there: 0, mounted: 0 });
    expect(result.bytes).toBeGreaterThan(20e6);
    const path = `${name()}/manifests`;
    const [one, other] = await Promise.all(
      [get(here, `${path}/${index}`), get(there, `${path}/deployed`)].map(async (response) =>
        Buffer.from(await (await response).arrayBuffer()),
      ),
    );
    expect(other?.equals(one ?? Buffer.alloc(0))).toBe(true);
    const { manifests } = JSON.parse(String(one)) as { manifests: { digest: string }[] };
    expect(manifests).toHaveLength(2);
    for (const { digest } of manifests) {
      const manifest = (await (await get(there, `${path}/${digest}`)).json()) as {
        layers: { digest: string }[];
      };
      for (const layer of manifest.layers) {
        const blob = await get(there, `${path.replace('manifests', 'blobs')}/${layer.digest}`);
        expect(sha256(Buffer.from(await blob.arrayBuffer()))).toBe(layer.digest);
      }
    }
  });

  it('sends nothing when the tag has it, and only what is missing else', async () => {
    const index = await pushIndex();
    await copyImage(place('here'), place('there'), index, 'deployed');
    const before = there.requests.length;
    expect(await copyImage(place('here'), place('there'), index, 'deployed')).toMatchObject({
      copied: 0,
      there: 0,
    });
    expect(writes(there, before)).toEqual([]);
    const again = await copyImage(place('here'), place('there'), index, 'another');
    expect(again).toMatchObject({ copied: 0, there: 5, bytes: 0 });
    expect(
      writes(there, before).every((line) => line.startsWith('PUT') && line.includes('/manifests/')),
    ).toBe(true);
  });

  it('mounts within one registry', async () => {
    const index = await pushIndex();
    await createRepository(here, `mounted${count}`);
    const result = await copyImage(
      place('here'),
      { ...place('here'), repository: `demo-project/mounted${count}/copy` },
      index,
      'deployed',
    );
    expect(result).toMatchObject({ copied: 0, mounted: 5, bytes: 0 });
  });

  it('goes on after cut connections, lost answers and errors of either end', async () => {
    const index = await pushIndex();
    here.faults.add({ match: /^GET .*\/blobs\//, times: 1, reset: true });
    there.faults.add({ match: /^PATCH /, times: 1, lost: true });
    there.faults.add({ match: /^PATCH /, times: 1, status: 503 });
    there.faults.add({ match: /^PUT .*uploads/, times: 1, lost: true });
    there.faults.add({ match: /^HEAD .*\/blobs\//, times: 1, status: 502 });
    there.faults.add({ match: /^PUT .*\/manifests\//, times: 1, reset: true });
    await copyImage(place('here'), place('there'), index, 'deployed');
    const copy = await get(there, `${name()}/manifests/deployed`);
    expect(sha256(Buffer.from(await copy.arrayBuffer()))).toBe(index);
  });

  it('signs in again at both ends when tokens are no longer taken', async () => {
    const index = await pushIndex();
    const [from, to] = [place('here'), place('there')];
    await copyImage(from, to, index, 'deployed');
    const before = { ...asked };
    for (const cloud of [here, there]) {
      cloud.faults.add({
        match: /^(HEAD|GET|POST|PUT) .*\/(blobs|manifests)\//,
        times: 1,
        status: 401,
        headers: {
          'www-authenticate': `Bearer realm="${cloud.origin}/v2/token",service="${new URL(cloud.origin).host}"`,
        },
      });
    }
    await copyImage(from, to, index, 'another');
    expect(asked.here).toBe(before.here + 1);
    expect(asked.there).toBe(before.there + 1);
  });

  it('names what the registry refused', async () => {
    const index = await pushIndex();
    const nobody = { ...place('there'), registry: registryClient(hostOf(there), undefined) };
    await expect(copyImage(place('here'), nobody, index, 'deployed')).rejects.toMatchObject({
      code: 'registry',
      message: expect.stringMatching(/with 40[13].*Unauthenticated/),
    });
    const missing = `sha256:${'0'.repeat(64)}`;
    await expect(copyImage(place('here'), place('there'), missing, 'deployed')).rejects.toMatchObject({
      code: 'image-missing',
    });
  });
});

function place(which: 'here' | 'there'): Place {
  const cloud = which === 'here' ? here : there;
  return {
    repository: name(),
    registry: registryClient(hostOf(cloud), async () => {
      asked[which] += 1;
      return { username: 'oauth2accesstoken', password: ownerToken(cloud) };
    }),
  };
}

/** Of the image, in a repository of this test's own. */
function name(): string {
  return `demo-project/apis${count}/hello`;
}

function hostOf(cloud: RunningCloud): string {
  return new URL(cloud.origin).host;
}

function writes(cloud: RunningCloud, from: number): string[] {
  return cloud.requests
    .slice(from)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((line) => /^(POST|PATCH|PUT)/.test(line));
}

/** Two images, one an attestation, five blobs; one layer spans several chunks. */
async function pushIndex(): Promise<string> {
  const shared = randomBytes(100);
  const children = [
    await pushManifest([randomBytes(20e6 + 7), shared], { os: 'linux' }),
    await pushManifest([shared, Buffer.from('{"predicateType":"https://slsa.dev/provenance/v1"}')], {
      os: 'unknown',
    }),
  ];
  const bytes = Buffer.from(
    `${JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: children }, null, 3)}\n`,
  );
  return put(bytes, `${OCI}.index.v1+json`);
}

async function pushManifest(layers: Buffer[], config: object) {
  const blobs = [Buffer.from(JSON.stringify({ ...config, at: count })), ...layers];
  const [described, ...others] = await Promise.all(blobs.map(pushBlob));
  const mediaType = `${OCI}.manifest.v1+json`;
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType, config: described, layers: others }, null, 1),
  );
  return { mediaType, digest: await put(bytes, mediaType), size: bytes.length };
}

async function pushBlob(bytes: Buffer) {
  const digest = sha256(bytes);
  const path = `${here.origin}/v2/${name()}/blobs/uploads/?digest=${digest}`;
  const response = await fetch(path, { method: 'POST', headers: owner(here), body: new Uint8Array(bytes) });
  expect(response.status).toBe(201);
  return { mediaType: `${OCI}.layer.v1.tar`, digest, size: bytes.length };
}

async function put(bytes: Buffer, type: string): Promise<string> {
  const digest = sha256(bytes);
  const response = await fetch(`${here.origin}/v2/${name()}/manifests/${digest}`, {
    method: 'PUT',
    headers: { ...owner(here), 'content-type': type },
    body: new Uint8Array(bytes),
  });
  expect(response.status, await response.text()).toBe(201);
  return digest;
}

function get(cloud: RunningCloud, path: string): Promise<Response> {
  return fetch(`${cloud.origin}/v2/${path}`, { headers: owner(cloud) });
}

async function createRepository(cloud: RunningCloud, id: string): Promise<void> {
  const parent = `${cloud.origin}/v1/projects/demo-project/locations/us-central1/repositories`;
  const response = await fetch(`${parent}?repositoryId=${id}`, {
    method: 'POST',
    headers: { ...owner(cloud), 'content-type': 'application/json' },
    body: '{"format":"DOCKER"}',
  });
  expect(response.status).toBe(200);
}

function ownerToken(cloud: RunningCloud): string {
  const email = 'owner@example.com';
  const principal = { member: `user:${email}`, memberOf: ['allAuthenticatedUsers'], email };
  return cloud.tokens.issue(principal, 3600).token;
}

function owner(cloud: RunningCloud): Record<string, string> {
  return { authorization: `Bearer ${ownerToken(cloud)}` };
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
