import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import { operationName } from './operations.ts';

const TYPE = 'type.googleapis.com/google.cloud.apigateway.v1';
const PARENT = 'projects/demo-project/locations/us-central1';

let clock: ManualClock;
let cloud: RunningCloud;
let anybody: ReturnType<typeof caller>;
let worked: boolean;
let name: string;
beforeEach(async () => {
  clock = manualClock();
  cloud = await startCloud({ clock, operationTime: 60_000 });
  anybody = caller(cloud, tokenOf(cloud, 'somebody@example.com'));
  worked = false;
  name = operationName(PARENT, clock.now());
  cloud.operationsOf('apigateway.googleapis.com').start({
    name,
    metadata: { '@type': `${TYPE}.OperationMetadata`, requestedCancellation: false },
    work: () => {
      worked = true;
      return { '@type': `${TYPE}.Api`, name: 'a' };
    },
  });
});
afterEach(() => cloud.close());

describe('an operation', () => {
  it("is read by the project's id and by its number, of its own service alone", async () => {
    expect((await anybody('GET', `/apigateway/v1/${name}`)).body).toMatchObject({ name, done: false });
    const byNumber = name.replace('demo-project', '123456789012');
    expect((await anybody('GET', `/apigateway/v1/${byNumber}`)).body).toMatchObject({ name });
    expect((await anybody('GET', `/apigateway/v1/${PARENT}/operations`)).body).toMatchObject({
      operations: [{ name }],
    });
    expect((await anybody('GET', `/run/v2/${PARENT}/operations`)).body).toEqual({});
    expect((await anybody('GET', `/artifactregistry/v1/${name}`)).status).toBe(404);
  });

  it('ends with its response', async () => {
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await anybody('GET', `/apigateway/v1/${name}`)).body).toMatchObject({
      done: true,
      response: { name: 'a' },
    });
  });

  it('is cancelled before its work is done, and stays so', async () => {
    expect(await anybody('POST', `/apigateway/v1/${name}:cancel`, {})).toEqual({ status: 200, body: {} });
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    const { body } = await anybody('GET', `/apigateway/v1/${name}`);
    expect(body).toMatchObject({ done: true, error: { code: 1 }, metadata: { requestedCancellation: true } });
    expect(body).not.toHaveProperty('response');
    expect(worked).toBe(false);
  });

  it('needs the permission of its service, where that has one', async () => {
    const started = {
      name: `${name}r`,
      permission: 'run.operations.get',
      work: () => ({ '@type': 'type.googleapis.com/google.protobuf.Empty' }),
    };
    cloud.operationsOf('run.googleapis.com').start(started);
    expect((await anybody('GET', `/run/v2/${name}r`)).body).toMatchObject({
      error: { message: `Permission 'run.operations.get' denied on '${name}r'` },
    });
    cloud.operationsOf('serviceusage.googleapis.com').start({
      ...started,
      name: 'operations/acat',
      permission: 'serviceusage.operations.get',
    });
    expect((await anybody('GET', '/serviceusage/v1/operations/acat')).body).toMatchObject({
      error: { message: 'Permission denied to get operation [operations/acat]' },
    });
    cloud.iam.grant('projects/demo-project', 'roles/editor', 'user:somebody@example.com');
    expect((await anybody('GET', `/run/v2/${name}r`)).status).toBe(200);
    expect((await anybody('GET', '/serviceusage/v1/operations/acat')).status).toBe(200);
  });

  it('needs a token and must exist', async () => {
    expect((await caller(cloud)('GET', `/apigateway/v1/${name}`)).status).toBe(401);
    expect((await anybody('GET', `/apigateway/v1/${name}x`)).status).toBe(404);
    expect((await anybody('POST', `/serviceusage/v1/operations/none:cancel`, {})).status).toBe(404);
  });
});
