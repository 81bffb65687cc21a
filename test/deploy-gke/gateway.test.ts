import { describe, expect, it } from 'vitest';
import { lackingForGke } from '../helpers/kubernetes/gke.ts';
import { gkeGround } from './ground.ts';
import { deployment } from './manifests.ts';

const missing = lackingForGke();

describe.skipIf(missing)(`the Connect gateway${missing ? `: ${missing}` : ''}`, () => {
  const ground = gkeGround();

  it('says which API is off and which role is missing, and then leads to the cluster', async () => {
    const [one, two] = ground.images();
    const { cloud, exports, project } = ground.job();
    const through = { use_connect_gateway: 'true' };
    const web = (image: string) => ({ 'a.yaml': [deployment('web', image)] });
    expect(await ground.failure(web(one), through)).toContain(
      'gcloud services enable connectgateway.googleapis.com',
    );
    for (const api of ['gkehub', 'connectgateway']) cloud.serviceUsage.enabled.add(`${api}.googleapis.com`);
    const refused = await ground.failure(web(one), through);
    expect(refused).toContain('gkehub.gateway.get');
    expect(refused).toContain('--role=roles/gkehub.gatewayEditor');
    const deployer = `serviceAccount:${exports.GANGWAY_SERVICE_ACCOUNT}`;
    cloud.iam.grant(`projects/${project}`, 'roles/gkehub.gatewayEditor', deployer);
    const { outputs } = await ground.apply(web(one), through);
    expect(outputs.endpoint).toMatch(
      new RegExp(`/v1/projects/${cloud.project.number}/locations/us-central1/gkeMemberships/main$`),
    );
    expect(await ground.imageOf('web')).toBe(one);
    await ground.step({ ...through, deployment: 'web', image: two });
    expect(await ground.imageOf('web')).toBe(two);
    const verbs = await ground.verbs(() => ground.step({ ...through, deployment: 'web', image: two }));
    expect(verbs).toEqual(['get']);
  });

  it('tells of the log of a pod that does not get ready', async () => {
    const [one] = ground.images();
    const files = {
      'a.yaml': [
        deployment('web', one, { deadline: 4, minReady: 3, args: ['sh', '-c', 'echo no database; exit 3'] }),
      ],
    };
    expect(await ground.failure(files, { use_connect_gateway: 'true' })).toContain('no database');
  });
});
