import { createServiceAccountKey } from '@gangway/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

const SERVICE = 'run.googleapis.com';

describe('create-api-key', () => {
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
  });
  afterAll(() => job[Symbol.asyncDispose]());

  it('creates a restricted key, masks its string first, and finds it as wanted on the next run', async () => {
    const inputs = { key_id: 'web', services: SERVICE, allowed_referrers: 'https://example.com/*' };
    const first = await job.step('create-api-key', inputs);
    const { key = '', name, changed } = first.outputs;
    expect(key).toMatch(/^AIza/);
    expect(first.masks).toContain(key);
    expect(first.written).not.toContain(key);
    expect(name).toBe('projects/123456789012/locations/global/keys/web');
    expect(changed).toBe('true');
    expect(first.summary).toContain('The key was created.');

    const requests = await job.requests(async () => {
      const second = await job.step('create-api-key', inputs, { secrets: [key] });
      expect(second.outputs).toEqual({ key, name, secret_version: '', changed: 'false' });
    });
    expect(requests.filter((request) => request.includes('/keys'))).toEqual([
      'GET /v2/projects/demo-project/locations/global/keys/web',
      'GET /v2/projects/demo-project/locations/global/keys/web/keyString',
    ]);
  });

  it('brings restrictions and name to what is wanted, without another key', async () => {
    const { outputs } = await job.step('create-api-key', { key_id: 'grows', services: SERVICE });
    const { outputs: after, summary } = await job.step('create-api-key', {
      key_id: 'grows',
      display_name: 'It grows',
      services: `${SERVICE}\nartifactregistry.googleapis.com`,
      allowed_ips: '203.0.113.7, 2001:db8::/32',
    });
    expect(after.key).toBe(outputs.key);
    expect(after.changed).toBe('true');
    expect(summary).toContain('203.0.113.7<br>2001:db8::/32');
  });

  it('restores a key that was deleted', async () => {
    const { outputs } = await job.step('create-api-key', { key_id: 'back', services: SERVICE });
    const token = job.cloud.tokens.issue(
      { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
      600,
    ).token;
    const path = `${job.cloud.origin}/v2/projects/demo-project/locations/global/keys/back`;
    await fetch(path, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    const again = await job.step('create-api-key', { key_id: 'back', services: SERVICE });
    expect(again.outputs.key).toBe(outputs.key);
    expect(again.summary).toContain('The key was restored.');
  });

  it('restores a key that was deleted and is not shown any more', async () => {
    const { outputs } = await job.step('create-api-key', { key_id: 'hidden', services: SERVICE });
    const key = job.cloud.apiKeys.findByKeyString(outputs.key ?? '', Date.now());
    if (!key) throw new Error('no key');
    key.deleteTime = Date.now();
    const gone = { error: { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' } };
    job.cloud.faults.add({ match: /^GET .*\/keys\/hidden$/, times: 2, status: 404, body: gone });
    job.cloud.faults.add({ match: /^POST .*\/keys\/hidden:undelete$/, times: 1, lost: true });
    const again = await job.step('create-api-key', { key_id: 'hidden', services: SERVICE });
    expect(again.outputs.key).toBe(outputs.key);
    expect(again.summary).toContain('The key was restored.');
  });

  it('keeps methods in step, and undoes what was changed by hand', async () => {
    const services = `${SERVICE} google.run.*`;
    const { outputs } = await job.step('create-api-key', { key_id: 'steps', services });
    const key = job.cloud.apiKeys.findByKeyString(outputs.key ?? '', Date.now());
    if (!key) throw new Error('no key');
    expect(key.restrictions).toEqual({ apiTargets: [{ service: SERVICE, methods: ['google.run.*'] }] });
    key.restrictions = undefined;
    const mended = await job.step('create-api-key', { key_id: 'steps', services });
    expect(mended.outputs.changed).toBe('true');
    expect(key.restrictions).toEqual({ apiTargets: [{ service: SERVICE, methods: ['google.run.*'] }] });
    await job.step('create-api-key', { key_id: 'steps', services: `${SERVICE} google.run.v2.Services.Get` });
    expect(key.restrictions).toEqual({
      apiTargets: [{ service: SERVICE, methods: ['google.run.v2.Services.Get'] }],
    });
    const same = await job.step('create-api-key', {
      key_id: 'steps',
      services: `${SERVICE}, google.run.v2.Services.Get`,
    });
    expect(same.outputs.changed).toBe('false');
  });

  it('takes a create whose answer was lost for its own', async () => {
    job.cloud.faults.add({ match: /^POST .*\/keys$/, times: 1, lost: true });
    const { outputs, summary } = await job.step('create-api-key', { key_id: 'own', services: SERVICE });
    expect(outputs.key).toMatch(/^AIza/);
    expect(summary).toContain('The key was created.');
  });

  it('stores the string as a secret version in place of an output, once', async () => {
    await using own = await startJob();
    own.cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
    const member = `serviceAccount:${own.exports.GANGWAY_SERVICE_ACCOUNT}`;
    const inputs = { key_id: 'kept', services: SERVICE, secret: 'kept-key' };
    const denied = await own.step('create-api-key', inputs, { fails: true });
    expect(denied.annotations.at(-1)?.message).toContain('--role=roles/secretmanager.secretAccessor');
    own.cloud.iam.grant(`projects/${own.project}`, 'roles/secretmanager.admin', member);

    const first = await own.step('create-api-key', inputs);
    const [key] = own.cloud.apiKeys.list(Date.now());
    const secret = own.cloud.secretManager.secrets.get('kept-key');
    expect(first.outputs).toMatchObject({
      key: '',
      secret_version: 'projects/123456789012/secrets/kept-key/versions/1',
      changed: 'true',
    });
    expect(first.masks).toContain(key?.keyString);
    expect(secret?.versions.map(({ data }) => Buffer.from(data ?? '', 'base64').toString())).toEqual([
      key?.keyString,
    ]);

    const second = await own.step('create-api-key', inputs, { secrets: [key?.keyString ?? '-'] });
    expect(second.outputs).toMatchObject({ secret_version: first.outputs.secret_version, changed: 'false' });
    secret?.versions.push({ createTime: 0, data: 'b3RoZXI=' });
    const third = await own.step('create-api-key', {
      ...inputs,
      secret: `projects/${own.project}/secrets/kept-key`,
    });
    expect(third.outputs.secret_version).toBe('projects/123456789012/secrets/kept-key/versions/3');
  });

  it.each([
    ['is lost', { lost: true }, 1],
    ['is an error', { status: 503 }, 2],
  ])('stores the string once where the answer %s', async (_, fault, times) => {
    await using own = await startJob();
    own.cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
    const member = `serviceAccount:${own.exports.GANGWAY_SERVICE_ACCOUNT}`;
    own.cloud.iam.grant(`projects/${own.project}`, 'roles/secretmanager.admin', member);
    const name = 'projects/123456789012/secrets/kept-key';
    own.cloud.secretManager.secrets.set('kept-key', { name, createTime: 0, replication: {}, versions: [] });
    own.cloud.faults.add({ match: /^POST .*:addVersion$/, times, ...fault });
    const inputs = { key_id: 'kept', services: SERVICE, secret: 'kept-key' };
    const { outputs } = await own.step('create-api-key', inputs);
    expect(outputs.secret_version).toBe(`${name}/versions/1`);
    expect(own.cloud.secretManager.secrets.get('kept-key')?.versions).toHaveLength(1);
  });

  it('names the permission that is missing and the command that grants it', async () => {
    await using own = await startJob();
    const { bindings } = own.cloud.iam.get(`projects/${own.project}`);
    own.cloud.iam.set(`projects/${own.project}`, {
      bindings: bindings.filter(({ role }) => role !== 'roles/serviceusage.apiKeysAdmin'),
    });
    const inputs = { key_id: 'no', services: SERVICE };
    const file = await createServiceAccountKey(own.cloud, own.exports.GANGWAY_SERVICE_ACCOUNT ?? '');
    const credentials_json = JSON.stringify(file);
    // With a key it is only the key that tells who acts.
    for (const [given, options] of [
      [inputs, {}],
      [
        { ...inputs, credentials_json },
        { signIn: false, secrets: [file.private_key] },
      ],
    ] as const) {
      const { annotations } = await own.step('create-api-key', given, { fails: true, ...options });
      expect(annotations.at(-1)?.message).toMatch(
        /apikeys\.keys\.get to deployer@.*: gcloud projects add-iam-policy-binding demo-project --member="serviceAccount:deployer@.*" --role=roles\/serviceusage\.apiKeysAdmin/,
      );
    }
  });

  it('takes a create whose answer was lost for done', async () => {
    await job.step('create-api-key', { key_id: 'lost', services: SERVICE });
    job.cloud.faults.add({
      match: /^GET .*\/keys\/lost$/,
      times: 1,
      status: 404,
      body: { error: { code: 404, status: 'NOT_FOUND', message: 'gone' } },
    });
    const { outputs } = await job.step('create-api-key', { key_id: 'lost', services: SERVICE });
    expect(outputs.key).toMatch(/^AIza/);
  });

  it.each([
    [{ key_id: 'Web', services: SERVICE }, 'Input "key_id" is not valid: "Web"'],
    [{ key_id: 'web', services: '' }, 'a key without them could call every API of the project'],
    [{ key_id: 'web', services: SERVICE, secret: 'a b' }, 'Input "secret" is not valid: "a b"'],
    [{ key_id: 'web', services: 'hello' }, 'Input "services" is not valid: "hello"'],
    [
      { key_id: 'web', services: SERVICE, allowed_ips: '300.1.1.1' },
      'Input "allowed_ips" is not valid: "300.1.1.1"',
    ],
    [
      { key_id: 'web', services: SERVICE, allowed_ips: '10.0.0.0/33' },
      'Input "allowed_ips" is not valid: "10.0.0.0/33"',
    ],
    [
      { key_id: 'web', services: SERVICE, allowed_ips: '10.0.0.1', allowed_referrers: 'https://a/*' },
      'exclude each other',
    ],
  ])('refuses %o before any request', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await job.step('create-api-key', inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });
});
