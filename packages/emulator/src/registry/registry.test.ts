import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, OCI_MANIFEST, type Piece, piece, pushImage } from '../../test/image.ts';
import { type RunningCloud, startCloud } from '../cloud.ts';
import { createServiceAccountKey } from '../google/iam/accounts/key-file.ts';
import { serviceAccount, user } from '../kernel/principal.ts';

const APP = 'us-central1-docker.pkg.dev/demo-project/app';
const RESOURCE = 'projects/demo-project/locations/us-central1/repositories/app';
const INDEX = 'application/vnd.oci.image.index.v1+json';

let cloud: RunningCloud;
let token: string;
let stranger: string;

beforeAll(async () => {
  cloud = await startCloud();
  token = cloud.tokens.issue(user('owner@example.com'), 3600).token;
  stranger = cloud.tokens.issue(user('stranger@example.com'), 3600).token;
  addRepository('us-central1', 'app');
  addRepository('us-central1', 'fixed', { immutableTags: true });
});
afterAll(() => cloud.close());

describe('token flow', () => {
  it('challenges, naming the scope where a repository is asked for', async () => {
    const host = new URL(cloud.origin).host;
    const bare = await fetch(`${cloud.origin}/v2/`);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toBe(
      `Bearer realm="http://${host}/v2/token",service="${host}"`,
    );
    const push = await fetch(`${cloud.origin}/v2/demo-project/app/x/blobs/uploads/`, { method: 'POST' });
    expect(push.headers.get('www-authenticate')).toContain('scope="repository:demo-project/app/x:pull,push"');
  });

  it('trades an access token for one that is good for the registry only', async () => {
    const { status, body } = await tokenFor(
      'oauth2accesstoken',
      token,
      'repository:demo-project/app/x:push,pull',
    );
    expect(status).toBe(200);
    expect((await fetch(`${cloud.origin}/v2/`, bearer(body.token ?? ''))).status).toBe(200);
    const api = await fetch(`${cloud.origin}/v1/${RESOURCE}`, bearer(body.token ?? ''));
    expect(api.status).toBe(401);
  });

  it('answers a password grant as containerd asks it', async () => {
    const form = new URLSearchParams({
      grant_type: 'password',
      username: '_dcgcloud_token',
      password: token,
      service: 'x',
      scope: '',
    });
    const response = await fetch(`${cloud.origin}/v2/token`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ access_token: expect.any(String), expires_in: 3600 });
  });

  it('takes a key file, plain and base64, until the key is deleted', async () => {
    const email = 'deployer@demo-project.iam.gserviceaccount.com';
    const key = JSON.stringify(await createServiceAccountKey(cloud, email));
    expect((await tokenFor('_json_key', key)).status).toBe(200);
    const { body } = await tokenFor('_json_key_base64', Buffer.from(key).toString('base64'));
    expect((await fetch(`${cloud.origin}/v2/`, bearer(body.token ?? ''))).status).toBe(200);
    cloud.iamAdmin.accounts.get(email).keys.length = 0;
    expect((await tokenFor('_json_key', key)).status).toBe(401);
    expect((await fetch(`${cloud.origin}/v2/`, bearer(body.token ?? ''))).status).toBe(401);
  });

  it('refuses bad credentials, missing permissions and nobody, in the words of Artifact Registry', async () => {
    const scope = 'repository:demo-project/app/x:pull,push';
    const where = `on resource "${RESOURCE}" (or it may not exist)`;
    expect(await tokenFor('oauth2accesstoken', 'ya29.bad', scope)).toMatchObject({
      status: 401,
      body: { errors: [{ code: 'UNAUTHORIZED', message: 'authentication failed' }] },
    });
    expect(await tokenFor('oauth2accesstoken', stranger, scope)).toMatchObject({
      status: 403,
      body: {
        errors: [
          {
            code: 'DENIED',
            message: `Permission "artifactregistry.repositories.uploadArtifacts" denied ${where}`,
          },
        ],
      },
    });
    const anonymous = await fetch(`${cloud.origin}/v2/token?scope=repository:demo-project/app/x:pull`);
    expect(anonymous.status).toBe(403);
    expect(await anonymous.json()).toEqual({
      errors: [
        {
          code: 'DENIED',
          message: `Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.downloadArtifacts" ${where}`,
        },
      ],
    });
  });

  it('lets everyone pull where allUsers may read', async () => {
    addRepository('europe-west1', 'open');
    cloud.iam.grant(
      'projects/demo-project/locations/europe-west1/repositories/open',
      'roles/artifactregistry.reader',
      'allUsers',
    );
    const response = await fetch(`${cloud.origin}/v2/token?scope=repository:demo-project/open/x:pull`);
    const { token: anonymous } = (await response.json()) as { token: string };
    expect((await send('GET', 'demo-project/open/x/tags/list', { as: anonymous })).errors?.[0]?.code).toBe(
      'NAME_UNKNOWN',
    );
    expect((await send('POST', 'demo-project/open/x/blobs/uploads/', { as: anonymous })).status).toBe(403);
  });
});

describe('names', () => {
  it('tells a missing repository from a missing image name', async () => {
    expect(await send('POST', `${APP.replace('app', 'nope')}/x/blobs/uploads/`)).toMatchObject({
      status: 404,
      errors: [{ code: 'NAME_UNKNOWN', message: 'Repository "nope" not found' }],
    });
    expect(await send('PUT', `${APP}/manifests/1`, { body: '{}' })).toMatchObject({
      status: 400,
      errors: [
        {
          code: 'NAME_INVALID',
          message:
            'Missing image name. Pushes should be of the form docker push HOST-NAME/PROJECT-ID/REPOSITORY/IMAGE',
        },
      ],
    });
  });

  it('finds the location of the short form, and asks for the long one where there are two', async () => {
    const image = buildImage([{ path: 'a', mode: 0o644, content: 'twins' }]);
    await pushImage(`${cloud.origin}/v2/demo-project/app/short`, token, image, '1');
    expect(cloud.contracts.repositories.find(`${APP}/short:1`)?.manifest.digest).toBe(image.manifest.digest);
    addRepository('us-central1', 'twin');
    addRepository('us-east1', 'twin');
    const { errors } = await send('GET', 'demo-project/twin/x/tags/list');
    expect(errors?.[0]?.message).toContain('name it us-central1-docker.pkg.dev/demo-project/twin/IMAGE');
  });
});

describe('blobs', () => {
  const blob = piece('0123456789');

  it('takes one in a single request, and as docker and as buildx send it', async () => {
    await expectBlob(
      'one',
      await send('POST', `${APP}/one/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes }),
      blob,
    );
    const docker = piece('docker sends POST, PATCH, PUT');
    const started = await send('POST', `${APP}/two/blobs/uploads/`);
    expect(started.status).toBe(202);
    const patched = await send('PATCH', path(started), { body: docker.bytes });
    expect(patched.headers.get('range')).toBe(`0-${docker.bytes.length - 1}`);
    await expectBlob('two', await send('PUT', `${path(patched)}?digest=${docker.digest}`), docker);
    const buildx = piece('buildx sends POST, PUT');
    const begun = await send('POST', `${APP}/three/blobs/uploads/`);
    await expectBlob(
      'three',
      await send('PUT', `${path(begun)}?digest=${buildx.digest}`, { body: buildx.bytes }),
      buildx,
    );
  });

  it('takes chunks in order only, and says how far it is', async () => {
    const upload = path(await send('POST', `${APP}/one/blobs/uploads/`));
    await send('PATCH', upload, { body: '01234', headers: { 'content-range': '0-4' } });
    const gap = await send('PATCH', upload, { body: '789', headers: { 'content-range': '7-9' } });
    expect(gap).toMatchObject({ status: 416, errors: [{ code: 'BLOB_UPLOAD_INVALID' }] });
    const status = await send('GET', upload);
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-4']);
    const end = await send('PUT', `${upload}?digest=${blob.digest}`, {
      body: '56789',
      headers: { 'content-range': '5-9' },
    });
    expect(end.status).toBe(201);
  });

  it('refuses content of another digest, and forgets a cancelled upload', async () => {
    const wrong = await send('POST', `${APP}/one/blobs/uploads/?digest=${blob.digest}`, { body: 'else' });
    expect(wrong).toMatchObject({ status: 400, errors: [{ code: 'DIGEST_INVALID' }] });
    const upload = path(await send('POST', `${APP}/one/blobs/uploads/`));
    expect((await send('DELETE', upload)).status).toBe(204);
    expect((await send('GET', upload)).errors?.[0]?.code).toBe('BLOB_UPLOAD_UNKNOWN');
  });

  it('answers a range', async () => {
    await send('POST', `${APP}/one/blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes });
    const part = await send('GET', `${APP}/one/blobs/${blob.digest}`, { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expect(
      (await send('GET', `${APP}/one/blobs/${blob.digest}`, { headers: { range: 'bytes=-2' } })).text,
    ).toBe('89');
    expect(
      (await send('GET', `${APP}/one/blobs/${blob.digest}`, { headers: { range: 'bytes=99-' } })).status,
    ).toBe(416);
  });

  it('mounts from a repository the caller may read, and keeps repositories apart otherwise', async () => {
    const only = piece('only in app');
    await send('POST', `${APP}/one/blobs/uploads/?digest=${only.digest}`, { body: only.bytes });
    addRepository('us-central1', 'other');
    const other = APP.replace('app', 'other');
    expect((await send('HEAD', `${other}/x/blobs/${only.digest}`)).status).toBe(404);
    cloud.iam.grant(
      'projects/demo-project/locations/us-central1/repositories/other',
      'roles/artifactregistry.writer',
      'user:stranger@example.com',
    );
    const mount = `${other}/x/blobs/uploads/?mount=${only.digest}&from=${APP}/one`;
    expect((await send('POST', mount, { as: stranger })).status).toBe(202);
    expect((await send('POST', mount)).status).toBe(201);
    expect((await send('HEAD', `${other}/x/blobs/${only.digest}`)).status).toBe(200);
  });

  it('stores a layer as it arrives, not once it is whole', async () => {
    const upload = path(await send('POST', `${APP}/slow/blobs/uploads/`));
    const range = async () => (await send('GET', upload)).headers.get('range');
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new Uint8Array(1000));
        await expect.poll(range).toBe('0-999');
        controller.enqueue(new Uint8Array(1000));
        controller.close();
      },
    });
    const request = { method: 'PATCH', body, duplex: 'half', ...bearer(token) };
    const patched = await fetch(`${cloud.origin}/v2/${upload}`, request as RequestInit);
    expect(patched.headers.get('range')).toBe('0-1999');
  });
});

describe('manifests', () => {
  const image = buildImage([{ path: 'hello', mode: 0o644, content: 'hello' }]);

  it('keeps what was pushed byte for byte, by tag and by digest', async () => {
    await pushImage(`${cloud.origin}/v2/${APP}/web`, token, image, 'v1');
    for (const reference of ['v1', image.manifest.digest]) {
      const got = await send('GET', `${APP}/web/manifests/${reference}`);
      expect(got.text).toBe(image.manifest.bytes.toString());
      expect(got.headers.get('docker-content-digest')).toBe(image.manifest.digest);
      expect(got.headers.get('content-type')).toBe(OCI_MANIFEST);
      const head = await send('HEAD', `${APP}/web/manifests/${reference}`);
      expect(head.headers.get('content-length')).toBe(String(image.manifest.bytes.length));
    }
    expect(await send('GET', `${APP}/web/manifests/v2`)).toMatchObject({
      status: 404,
      errors: [{ code: 'MANIFEST_UNKNOWN' }],
    });
    expect(cloud.contracts.repositories.find(`${APP}/web:v1`)?.manifest.digest).toBe(image.manifest.digest);
    expect(cloud.contracts.repositories.find(`${APP}/web@${image.manifest.digest}`)?.manifest.digest).toBe(
      image.manifest.digest,
    );
    expect(cloud.contracts.repositories.find(`${APP}/web`)?.manifest.digest).toBeUndefined();
    expect(cloud.contracts.repositories.find('python:3.12')?.manifest.digest).toBeUndefined();
  });

  it('keeps an index as it is, once its manifests are there', async () => {
    const index = piece(
      ` ${JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [{ mediaType: OCI_MANIFEST, digest: image.manifest.digest, size: image.manifest.bytes.length }] })}\n`,
    );
    expect((await put('empty', 'multi', index, INDEX)).errors?.[0]?.code).toBe('MANIFEST_BLOB_UNKNOWN');
    await pushImage(`${cloud.origin}/v2/${APP}/multi`, token, image, 'amd64');
    expect((await put('multi', 'latest', index, INDEX)).status).toBe(201);
    expect((await send('GET', `${APP}/multi/manifests/${index.digest}`)).text).toBe(index.bytes.toString());
    expect(cloud.contracts.repositories.find(`${APP}/multi`)?.manifest.digest).toBe(index.digest);
  });

  it('makes a tag for who may, and moves it for who may do that', async () => {
    await pushImage(`${cloud.origin}/v2/${APP}/tagged`, token, image, 'v1');
    const next = buildImage([{ path: 'hello', mode: 0o644, content: 'hello again' }]);
    await pushImage(`${cloud.origin}/v2/${APP}/tagged`, token, next, next.manifest.digest);
    const name = 'projects/demo-project/roles/pusher';
    const role = { name, title: '', description: '', stage: 'GA', deleted: false, includedPermissions: [''] };
    cloud.iam.customRoles.add(role);
    cloud.iam.grant(RESOURCE, name, 'user:pusher@example.com');
    const pusher = cloud.tokens.issue(user('pusher@example.com'), 600).token;
    const putBy = (tag: string, { bytes }: Piece, ...permissions: string[]) => {
      role.includedPermissions = [
        'artifactregistry.repositories.uploadArtifacts',
        ...permissions.map((verb) => `artifactregistry.tags.${verb}`),
      ];
      const headers = { 'content-type': OCI_MANIFEST };
      return send('PUT', `${APP}/tagged/manifests/${tag}`, { body: bytes, headers, as: pusher });
    };
    expect(await putBy('v2', image.manifest, 'update')).toMatchObject({
      status: 403,
      errors: [{ code: 'DENIED', message: expect.stringContaining('"artifactregistry.tags.create" denied') }],
    });
    expect((await putBy('v2', image.manifest, 'create')).status).toBe(201);
    // The same again is no move.
    expect((await putBy('v2', image.manifest)).status).toBe(201);
    expect((await putBy('v2', next.manifest, 'create')).errors?.[0]?.message).toContain(
      '"artifactregistry.tags.update" denied',
    );
    expect((await putBy('v2', next.manifest, 'update')).status).toBe(201);
  });

  it('refuses what is no manifest, lacks its blobs, or has another digest', async () => {
    const codes = await Promise.all([
      put('bad', 'x', piece('[]')),
      put('bad', 'x', piece('{"schemaVersion":1}'), 'application/vnd.docker.distribution.manifest.v1+json'),
      put('bad', 'x', image.manifest, INDEX),
      put(
        'bad',
        'x',
        piece(image.manifest.bytes.toString().replaceAll('sha256:', `sha256:${'0'.repeat(8)}`)),
      ),
      put('bad', `sha256:${'0'.repeat(64)}`, image.manifest),
      put('bad', '.x', image.manifest),
      put('bad', 'x', buildImage([{ path: 'new', mode: 0o644, content: 'never pushed' }]).manifest),
    ]);
    expect(codes.map(({ errors }) => errors?.[0]?.code)).toEqual([
      'MANIFEST_INVALID',
      'MANIFEST_INVALID',
      'MANIFEST_INVALID',
      'MANIFEST_INVALID',
      'DIGEST_INVALID',
      'TAG_INVALID',
      'MANIFEST_BLOB_UNKNOWN',
    ]);
  });

  it('lists tags in pages, and deletes a tag alone and a manifest after its tags', async () => {
    for (const tag of ['c', 'a', 'b']) await pushImage(`${cloud.origin}/v2/${APP}/tags`, token, image, tag);
    const first = await send('GET', `${APP}/tags/tags/list?n=2`);
    expect(JSON.parse(first.text).tags).toEqual(['a', 'b']);
    const next = /<\/v2\/(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await send('GET', next);
    expect([JSON.parse(second.text).tags, second.headers.get('link')]).toEqual([['c'], null]);
    expect((await send('DELETE', `${APP}/tags/manifests/a`)).status).toBe(202);
    expect(JSON.parse((await send('GET', `${APP}/tags/tags/list`)).text).tags).toEqual(['b', 'c']);
    const whole = `${APP}/tags/manifests/${image.manifest.digest}`;
    expect(await refusal('DELETE', whole)).toEqual([
      400,
      'GOOGLE_MANIFEST_DANGLING_TAG',
      'Manifest is still referenced by tag: b',
    ]);
    for (const tag of ['b', 'c']) await send('DELETE', `${APP}/tags/manifests/${tag}`);
    expect((await send('DELETE', whole)).status).toBe(202);
    expect((await send('GET', whole)).status).toBe(404);
  });

  it('keeps what an index lists or another manifest names as its subject', async () => {
    await pushImage(`${cloud.origin}/v2/${APP}/kept`, token, image, '1');
    const { digest, bytes } = image.manifest;
    const child = { mediaType: OCI_MANIFEST, digest, size: bytes.length };
    const index = piece(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [child] }));
    const signature = piece(JSON.stringify({ ...JSON.parse(bytes.toString()), subject: child }));
    await put('kept', index.digest, index, INDEX);
    await put('kept', signature.digest, signature);
    await send('DELETE', `${APP}/kept/manifests/1`);
    for (const parent of [index, signature]) {
      expect(await refusal('DELETE', `${APP}/kept/manifests/${digest}`)).toEqual([
        400,
        'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE',
        `Manifest is still referenced by one or more parent images: ${parent.digest}`,
      ]);
      expect((await send('DELETE', `${APP}/kept/manifests/${parent.digest}`)).status).toBe(202);
    }
    expect((await send('DELETE', `${APP}/kept/manifests/${digest}`)).status).toBe(202);
  });

  it("tells Google's tools what is there: images below, what each manifest is, and all that the caller may pull", async () => {
    await pushImage(`${cloud.origin}/v2/${APP}/team/web`, token, image, '1');
    await pushImage(`${cloud.origin}/v2/${APP}/team/api`, token, image, '1');
    const { text } = await send('GET', `${APP}/team/web/tags/list`);
    expect(JSON.parse(text)).toEqual({
      child: [],
      manifest: {
        [image.manifest.digest]: {
          imageSizeBytes: expect.stringMatching(/^\d+$/),
          mediaType: OCI_MANIFEST,
          tag: ['1'],
          timeCreatedMs: expect.stringMatching(/^\d+$/),
          timeUploadedMs: expect.stringMatching(/^\d{13}$/),
        },
      },
      name: `${APP}/team/web`,
      tags: ['1'],
    });
    expect(JSON.parse((await send('GET', `${APP}/team/tags/list`)).text)).toMatchObject({
      child: ['api', 'web'],
      tags: [],
    });
    expect(JSON.parse((await send('GET', `${APP}/tags/list`)).text).child).toContain('team');
    const all = JSON.parse((await send('GET', '_catalog')).text).repositories;
    expect(all).toEqual(expect.arrayContaining([`${APP}/team/api`, `${APP}/team/web`]));
    const page = await send('GET', `_catalog?n=1&last=${encodeURIComponent(`${APP}/team/api`)}`);
    expect(JSON.parse(page.text).repositories).toEqual([`${APP}/team/web`]);
    const none = await fetch(`${cloud.origin}/v2/_catalog`, bearer(stranger));
    expect(await none.json()).toEqual({ repositories: [] });
  });

  it('lists what refers to a manifest', async () => {
    await pushImage(`${cloud.origin}/v2/${APP}/signed`, token, image, '1');
    const { digest, bytes } = image.manifest;
    const signature = piece(
      JSON.stringify({
        ...JSON.parse(bytes.toString()),
        artifactType: 'application/x-signature',
        subject: { mediaType: OCI_MANIFEST, digest, size: bytes.length },
      }),
    );
    expect((await put('signed', signature.digest, signature)).headers.get('oci-subject')).toBe(digest);
    const all = await send('GET', `${APP}/signed/referrers/${digest}`);
    expect(JSON.parse(all.text).manifests).toMatchObject([
      { digest: signature.digest, artifactType: 'application/x-signature' },
    ]);
    const none = await send('GET', `${APP}/signed/referrers/${digest}?artifactType=text/else`);
    expect([JSON.parse(none.text).manifests, none.headers.get('oci-filters-applied')]).toEqual([
      [],
      'artifactType',
    ]);
  });

  it('moves no tag of a repository that keeps them', async () => {
    const fixed = `${cloud.origin}/v2/${APP.replace('app', 'fixed')}/x`;
    await pushImage(fixed, token, image, '1');
    await pushImage(fixed, token, image, '1');
    const other = buildImage([{ path: 'x', mode: 0o644, content: 'other' }]);
    await expect(pushImage(fixed, token, other, '1')).rejects.toThrow('tag immutability');
    await pushImage(fixed, token, other, '2');
    expect((await send('DELETE', `${APP.replace('app', 'fixed')}/x/manifests/1`)).status).toBe(403);
  });
});

it('lets the service agent pull what it may read', async () => {
  const agent = cloud.tokens.issue(
    serviceAccount('service-123456789012@serverless-robot-prod.iam.gserviceaccount.com'),
    60,
  ).token;
  const { status } = await tokenFor('oauth2accesstoken', agent, `repository:${APP}/web:pull`);
  expect(status).toBe(200);
});

function addRepository(location: string, id: string, dockerConfig?: { immutableTags: boolean }): void {
  cloud.artifactRegistry.add({
    name: `projects/demo-project/locations/${location}/repositories/${id}`,
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    createTime: '',
    updateTime: '',
    ...(dockerConfig && { dockerConfig }),
  });
}

function bearer(value: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${value}` } };
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  errors: { code: string; message: string }[] | undefined;
}

async function send(
  method: string,
  name: string,
  {
    body,
    headers = {},
    as = token,
  }: { body?: Buffer | string; headers?: Record<string, string>; as?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${cloud.origin}/v2/${name}`, {
    method,
    headers: { ...bearer(as).headers, ...headers },
    ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
  });
  const text = await response.text();
  const { errors } = text.startsWith('{')
    ? (JSON.parse(text) as Pick<Answer, 'errors'>)
    : { errors: undefined };
  return { status: response.status, headers: response.headers, text, errors };
}

/** Status, code and message of an error. */
async function refusal(method: string, name: string): Promise<unknown[]> {
  const { status, errors = [] } = await send(method, name);
  return [status, errors[0]?.code, errors[0]?.message];
}

function put(name: string, reference: string, { bytes }: Piece, type = OCI_MANIFEST): Promise<Answer> {
  return send('PUT', `${APP}/${name}/manifests/${reference}`, {
    body: bytes,
    headers: { 'content-type': type },
  });
}

/** Where an upload goes on, without the `/v2/`. */
function path({ headers }: Answer): string {
  return headers.get('location')?.slice('/v2/'.length) ?? '';
}

async function expectBlob(name: string, answer: Answer, { digest, bytes }: Piece): Promise<void> {
  expect([answer.status, answer.headers.get('docker-content-digest')]).toEqual([201, digest]);
  const got = await send('GET', `${APP}/${name}/blobs/${digest}`);
  expect(got.text).toBe(bytes.toString());
}

async function tokenFor(
  name: string,
  password: string,
  scope?: string,
): Promise<{ status: number; body: { token?: string; errors?: unknown } }> {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  const query = scope ? `?scope=${encodeURIComponent(scope)}` : '';
  const response = await fetch(`${cloud.origin}/v2/token${query}`, { headers: { authorization } });
  return { status: response.status, body: (await response.json()) as { token?: string } };
}
