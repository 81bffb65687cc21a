import { expect, it, vi } from 'vitest';
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

it("goes below the path of an override, which Google's client does not know", async () => {
  await using server = await serve(() => ({ body: { name: 'projects/p/locations/global/apis/a' } }));
  vi.stubEnv('CLOUDSDK_API_ENDPOINT_OVERRIDES_APIGATEWAY', `http://${server.host}/of/apigateway`);
  const gateways = await openApiGateway(signedIn());
  await gateways.getApi('projects/p/locations/global/apis/a');
  await gateways.createApi('projects/p/locations/global', 'b').catch(() => undefined);
  vi.unstubAllEnvs();
  expect(server.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
    '/of/apigateway/v1/projects/p/locations/global/apis/a',
    '/of/apigateway/v1/projects/p/locations/global/apis',
  ]);
});
