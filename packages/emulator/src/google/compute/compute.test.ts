import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../../../test/client.ts';
import { computeOf, instance, ZONE } from '../../../test/compute.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

const INSTANCES = `/zones/${ZONE}/instances`;

let cloud: RunningCloud;
let owner: ReturnType<typeof computeOf>;
beforeAll(async () => {
  cloud = await startCloud({ simulateMachines: true });
  owner = computeOf(cloud, tokenOf(cloud, 'owner@example.com'));
});
afterAll(() => cloud.close());

describe('an instance', () => {
  it('is made by an operation, runs, and has what gcloud asks it for', async () => {
    const operation = await owner.done(
      'POST',
      INSTANCES,
      instance('web', { tags: { items: ['http-server'] } }),
    );
    expect(operation).toMatchObject({
      kind: 'compute#operation',
      operationType: 'insert',
      status: 'DONE',
      progress: 100,
      targetLink: `https://www.googleapis.com/compute/v1/projects/demo-project/zones/${ZONE}/instances/web`,
    });
    expect(operation).not.toHaveProperty('error');
    const { body } = await owner.call('GET', `${INSTANCES}/web`);
    expect(body).toMatchObject({
      kind: 'compute#instance',
      status: 'RUNNING',
      canIpForward: false,
      tags: { items: ['http-server'] },
      disks: [{ boot: true, autoDelete: true }],
      serviceAccounts: [{ email: '123456789012-compute@developer.gserviceaccount.com' }],
    });
    expect(JSON.stringify(body)).toMatch(/"natIP":"127\.\d+\.\d+\.\d+"/);
    expect(Buffer.from((body.metadata as { fingerprint: string }).fingerprint, 'base64')).toHaveLength(8);
  });

  it.each([
    ['a name that is none', { name: 'Web' }, 400, 'invalid', /resource\.name.*Must be a match of regex/],
    ['no name', { name: undefined }, 400, 'required', /resource\.name/],
    [
      'a name that is taken',
      { name: 'web' },
      409,
      'alreadyExists',
      /zones\/us-west1-a\/instances\/web' already exists/,
    ],
    [
      'a machine type that there is not',
      { machineType: `zones/${ZONE}/machineTypes/z9` },
      400,
      'invalid',
      /z9/,
    ],
    [
      'an image that there is not',
      {
        disks: [
          { boot: true, initializeParams: { sourceImage: 'projects/cos-cloud/global/images/family/x' } },
        ],
      },
      404,
      'notFound',
      /images\/family\/x/,
    ],
    [
      'an account that there is not',
      {
        serviceAccounts: [
          { email: 'a@b.iam.gserviceaccount.com', scopes: ['https://www.googleapis.com/auth/x'] },
        ],
      },
      404,
      'notFound',
      /a@b/,
    ],
    [
      'an address that is not reserved',
      { networkInterfaces: [{ accessConfigs: [{ natIP: '127.1.1.1' }] }] },
      400,
      'invalid',
      /was not found in region/,
    ],
    ['a field that there is not', { nane: 'x' }, 400, 'badRequest', /Unknown name "nane"/],
    [
      'too much metadata',
      { metadata: { items: [{ key: 'a', value: 'x'.repeat(262_145) }] } },
      400,
      'invalid',
      /too large/,
    ],
  ])('is refused with %s', async (_, fields, status, reason, message) => {
    const answer = await owner.call('POST', INSTANCES, instance('other', fields));
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error: {
        code: status,
        message: expect.stringMatching(message),
        errors: [{ domain: 'global', reason }],
      },
    });
    expect((await owner.call('GET', `${INSTANCES}/other`)).status).toBe(404);
  });

  it('gets metadata and tags by their fingerprints alone', async () => {
    const { body } = await owner.call('GET', `${INSTANCES}/web`);
    const { fingerprint } = body.metadata as { fingerprint: string };
    const items = [{ key: 'user-data', value: '#cloud-config' }];
    await owner.done('POST', `${INSTANCES}/web/setMetadata`, { fingerprint, items });
    expect((await owner.call('GET', `${INSTANCES}/web`)).body.metadata).toMatchObject({ items });
    for (const stale of [fingerprint, undefined]) {
      const answer = await owner.call('POST', `${INSTANCES}/web/setMetadata`, {
        fingerprint: stale,
        items: [],
      });
      expect(answer).toMatchObject({
        status: 412,
        body: { error: { code: 412, errors: [{ reason: 'conditionNotMet' }] } },
      });
    }
    const tags = (body.tags as { fingerprint: string }).fingerprint;
    await owner.done('POST', `${INSTANCES}/web/setTags`, { fingerprint: tags, items: ['b', 'a'] });
    expect((await owner.call('GET', `${INSTANCES}/web`)).body.tags).toMatchObject({ items: ['a', 'b'] });
  });

  it('stops, is changed, and starts', async () => {
    const change = { machineType: `zones/${ZONE}/machineTypes/e2-small` };
    expect((await owner.call('POST', `${INSTANCES}/web/setMachineType`, change)).body).toMatchObject({
      error: { message: /must be stopped/ as never },
    });
  });

  it('answers a request of the same id with the same operation', async () => {
    const id = randomUUID();
    const [one, other] = [
      await owner.call('POST', `${INSTANCES}?requestId=${id}`, instance('twice')),
      await owner.call('POST', `${INSTANCES}?requestId=${id}`, instance('twice')),
    ];
    expect(other.status).toBe(200);
    expect(other.body.name).toBe(one.body.name);
    expect((await owner.call('POST', `${INSTANCES}?requestId=${id}`, instance('thrice'))).status).toBe(400);
    expect((await owner.call('POST', `${INSTANCES}?requestId=x`, instance('thrice'))).status).toBe(400);
  });
});
