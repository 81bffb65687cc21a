import { expect, it } from 'vitest';
import { serve, signedIn } from '../test/serve.ts';
import { openApiGateway } from './api-gateway.ts';

it('says what to look at when the network fails, and tries again before that', async () => {
  await using server = await serve(() => 'reset');
  const gateways = await openApiGateway(signedIn(), { deadline: 400, firstDelay: 50 });
  await expect(gateways.getApi('projects/p/locations/global/apis/a')).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^GET \S+\/apis\/a got no answer/),
  });
  expect(server.requests.length).toBeGreaterThan(1);
});
