import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningCloud, startCloud } from '../cloud.ts';
import { user } from '../kernel/principal.ts';
import { OWNER } from '../seeded.ts';
import { plant } from './plant.ts';
import { snapshot } from './snapshot.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());

it('has requests, resources and output, and no secret', async () => {
  plant(cloud, 'a/b', { secrets: { db: 'correct horse\nbattery staple' }, fly_apps: ['shop'] });
  const app = cloud.fly.findApp('shop');
  app?.secrets.update({ DATABASE_URL: 'postgres://user:hunter2-hunter2@db' });
  const { token } = cloud.tokens.issue(user(OWNER), 60);
  const jwt = await cloud.keys.sign({ iss: 'https://accounts.google.com', sub: 'x' });
  app?.logs.push({
    ...app.logs[0],
    time: Date.now(),
    message: `booted with ${token}, ${jwt} and postgres://user:hunter2-hunter2@db: battery staple`,
  } as never);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  await fetch(`${cloud.origin}/apikeys/v2/projects/demo-project/locations/global/keys?keyId=shop`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  const [{ keyString = '' } = {}] = cloud.apiKeys.list(cloud.clock.now());
  await fetch(`${cloud.origin}/v1/nothing?key=${keyString}&page=${token}`);

  const found = await snapshot(cloud);
  expect(found.requests.at(-1)).toMatchObject({
    method: 'GET',
    path: '/v1/nothing?key=***&page=***',
    status: 404,
  });
  expect(found.resources.keys).toMatchObject([{ name: 'shop', key: '***' }]);
  expect(found.output.at(-1)?.text).toBe('booted with ***, *** and ***: ***');
  const text = JSON.stringify(found);
  for (const secret of [token, jwt, keyString, 'hunter2-hunter2', 'correct horse'])
    expect(text).not.toContain(secret);
});
