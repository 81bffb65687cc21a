import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { greetings } from '../../../test/greetings.ts';
import { startCloud } from '../../cloud.ts';
import { service } from '../../contracts.ts';
import { services } from '../../services.ts';

const GREETING = 'projects/demo-project/greetings/hello';

describe('a service', () => {
  it('is a folder that the list names: it answers, is enabled, granted and pointed at like every other', async () => {
    const cloud = await startCloud({}, [...services, greetings]);
    try {
      const owner = caller(cloud, tokenOf(cloud, 'owner@example.com'));
      const path = `/greetings/v1/${GREETING}`;
      expect((await owner('GET', path)).body).toMatchObject({
        error: { details: [{}, { reason: 'SERVICE_DISABLED' }] },
      });
      cloud.serviceUsage.enabled.add(greetings.name);
      expect(await owner('GET', path)).toEqual({ status: 200, body: { name: GREETING, text: 'Hello!' } });
      const viewer = caller(cloud, tokenOf(cloud, 'viewer@example.com'));
      expect((await viewer('GET', path)).status).toBe(403);
      cloud.iam.grant('projects/demo-project', 'roles/viewer', 'user:viewer@example.com');
      expect((await viewer('GET', path)).status).toBe(200);
      expect(cloud.env()).toMatchObject({
        CLOUDSDK_API_ENDPOINT_OVERRIDES_GREETINGS: `${cloud.origin}/greetings/`,
      });
      const testable: unknown[] = [];
      let pageToken = '';
      do {
        const { body } = await owner('POST', '/iam/v1/permissions:queryTestablePermissions', {
          fullResourceName: '//cloudresourcemanager.googleapis.com/projects/demo-project',
          pageToken,
        });
        testable.push(...(body.permissions as readonly unknown[]));
        pageToken = String(body.nextPageToken ?? '');
      } while (pageToken !== '');
      expect(testable).toContainEqual({ name: 'greetings.greetings.get', stage: 'GA' });
    } finally {
      await cloud.close();
    }
  });

  it('is shown in CONTRIBUTING as it is tried here', async () => {
    const [guide, tried] = await Promise.all(
      ['../../../../../CONTRIBUTING.md', '../../../test/greetings.ts'].map((file) =>
        readFile(fileURLToPath(new URL(file, import.meta.url)), 'utf8'),
      ),
    );
    const shown = /export const greetings[\s\S]*?\n}\);\n/.exec(tried ?? '')?.[0];
    expect(shown).toBeDefined();
    expect(guide).toContain(shown);
  });

  it('that needs what none provides is an error at the start', async () => {
    const lonely = service({
      name: 'lonely.googleapis.com',
      title: 'Lonely API',
      needs: ['apiKeys'],
      routes: [],
    });
    const others = services.filter(({ name }) => name !== 'apikeys.googleapis.com');
    await expect(startCloud({}, [lonely, ...others])).rejects.toThrow(
      'lonely.googleapis.com needs "apiKeys", which no service provides.',
    );
  });

  it('that provides what another does already is an error at the start', async () => {
    const second = service({
      name: 'second.googleapis.com',
      title: 'Second API',
      provides: () => ({ secrets: { read: () => undefined } }),
      routes: [],
    });
    await expect(startCloud({}, [...services, second])).rejects.toThrow(
      'second.googleapis.com provides "secrets", which another service does already.',
    );
  });

  it.each([
    ['keys', 'second.googleapis.com keeps "keys", which is the name of something that it is given.'],
    ['run', 'Two services keep "run": what a cloud keeps is found by its name.'],
  ])('that keeps "%s", which is a name already taken, is an error at the start', async (key, message) => {
    const state = () => ({ [key]: 'its own' });
    const second = service({ name: 'second.googleapis.com', title: 'Second API', state, routes: [] });
    await expect(startCloud({}, [...services, second])).rejects.toThrow(message);
  });

  it('can be left out where no other needs it', async () => {
    const cloud = await startCloud(
      {},
      services.filter(({ name }) => name !== 'logging.googleapis.com'),
    );
    const owner = caller(cloud, tokenOf(cloud, 'owner@example.com'));
    expect((await owner('GET', '/v1/projects')).status).toBe(200);
    expect(cloud.env()).not.toHaveProperty('CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING');
    await cloud.close();
  });
});
