import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiClient } from '../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { manualClock } from '../../kernel/clock.ts';

let cloud: RunningCloud;
let api: ReturnType<typeof apiClient>;

const KEYS = '/v2/projects/demo-project/locations/global/keys';
const NAME = 'projects/123456789012/locations/global/keys/ci';

beforeEach(async () => {
  cloud = await startCloud();
  api = apiClient(cloud);
});

afterEach(() => cloud.close());

describe('API keys', () => {
  it('are created by an operation that answers with the key string', async () => {
    const started = await api.call('POST', `${KEYS}?keyId=ci`, {
      displayName: 'CI',
      restrictions: { apiTargets: [{ service: 'a.example' }] },
    });
    expect(started.json).toEqual({
      name: expect.stringMatching(/^operations\/akmf\.p7-123456789012-[0-9a-f-]{36}$/),
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { json } = await api.call('GET', `/v2/${started.json.name}`);
    expect(json).toMatchObject({
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.api.apikeys.v2.Key',
        name: NAME,
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        displayName: 'CI',
        restrictions: { apiTargets: [{ service: 'a.example' }] },
        etag: expect.stringMatching(/^W\/".+"$/),
        keyString: expect.stringMatching(/^AIzaSy[\w-]{33}$/),
      },
    });
    expect((await api.call('GET', `${KEYS}/ci`)).json.keyString).toBeUndefined();
    expect((await api.call('GET', `${KEYS}/ci/keyString`)).json).toEqual({
      keyString: json.response.keyString,
    });
    expect((await api.call('GET', `/v2/keys:lookupKey?keyString=${json.response.keyString}`)).json).toEqual({
      parent: 'projects/123456789012/locations/global',
      name: NAME,
    });
  });

  it('are deleted softly, and undeleted', async () => {
    await api.finish('POST', `${KEYS}?keyId=ci`, {});
    const { response } = await api.finish('DELETE', `${KEYS}/ci`);
    expect(response.deleteTime).toEqual(expect.any(String));
    expect((await api.call('GET', KEYS)).json).toEqual({});
    expect((await api.call('GET', `${KEYS}?showDeleted=true`)).json.keys).toHaveLength(1);
    expect((await api.call('POST', `${KEYS}?keyId=ci`, {})).json.error).toMatchObject({
      code: 409,
      message: `Resource '${NAME}' already exists`,
    });
    await api.finish('POST', `${KEYS}/ci:undelete`, {});
    expect((await api.call('GET', KEYS)).json.keys).toHaveLength(1);
    expect((await api.call('POST', `${KEYS}/ci:undelete`, {})).json.error.status).toBe('FAILED_PRECONDITION');
  });

  it('are gone 30 days after they were deleted', async () => {
    const clock = manualClock();
    const other = await startCloud({ clock });
    try {
      const { call } = apiClient(other);
      await call('POST', `${KEYS}?keyId=ci`, {});
      await call('DELETE', `${KEYS}/ci`);
      clock.advance(29 * 86_400_000);
      expect((await apiClient(other).call('GET', `${KEYS}/ci`)).status).toBe(200);
      clock.advance(2 * 86_400_000);
      expect((await apiClient(other).call('GET', `${KEYS}/ci`)).status).toBe(404);
    } finally {
      await other.close();
    }
  });

  it('are patched in display name, restrictions and annotations only', async () => {
    await api.finish('POST', `${KEYS}?keyId=ci`, { displayName: 'a' });
    const patched = await api.finish('PATCH', `${KEYS}/ci?updateMask=restrictions,annotations`, {
      displayName: 'b',
      restrictions: { apiTargets: [{ service: 's' }] },
      annotations: { x: 'y' },
    });
    expect(patched.response).toMatchObject({
      displayName: 'a',
      restrictions: { apiTargets: [{ service: 's' }] },
      annotations: { x: 'y' },
    });
    expect((await api.call('PATCH', `${KEYS}/ci?updateMask=uid`, {})).status).toBe(400);
    expect(
      (await api.call('PATCH', `${KEYS}/ci?updateMask=displayName`, { etag: 'W/"stale"' })).json.error.status,
    ).toBe('ABORTED');
  });

  it('refuse bad ids and restrictions', async () => {
    const status = async (query: string, body: object) =>
      (await api.call('POST', `${KEYS}${query}`, body)).json.error?.status;
    for (const id of ['CI', '1a', 'a-', 'a'.repeat(64), 'deadbeef-0000-4000-8000-000000000000'])
      expect(await status(`?keyId=${id}`, {})).toBe('INVALID_ARGUMENT');
    expect(await status('', { displayName: 'a'.repeat(64) })).toBe('INVALID_ARGUMENT');
    expect(await status('', { restrictions: { serverKeyRestrictions: { allowedIps: ['1.2.3'] } } })).toBe(
      'INVALID_ARGUMENT',
    );
    expect(
      await status('', { restrictions: { serverKeyRestrictions: {}, browserKeyRestrictions: {} } }),
    ).toBe('INVALID_ARGUMENT');
    expect(await status('', { restrictions: { apiTargets: [{}] } })).toBe('INVALID_ARGUMENT');
  });

  it('need permissions of their own for the key string', async () => {
    await api.finish('POST', `${KEYS}?keyId=ci`, {});
    const name = 'projects/demo-project/roles/keyViewer';
    const includedPermissions = ['apikeys.keys.get'];
    const role = { name, title: '', description: '', includedPermissions, stage: 'GA', deleted: false };
    cloud.iam.customRoles.add(role);
    cloud.iam.grant('projects/demo-project', name, 'user:viewer@example.com');
    const viewer = apiClient(cloud, 'user:viewer@example.com');
    expect((await viewer.call('GET', `${KEYS}/ci`)).status).toBe(200);
    expect((await viewer.call('GET', `${KEYS}/ci/keyString`)).json.error.message).toBe(
      "Permission 'apikeys.keys.getKeyString' denied on 'projects/demo-project'",
    );
  });
});
