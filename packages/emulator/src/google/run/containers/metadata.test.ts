import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudWithImage, deploy, whatIsMissing } from '../../../../test/run.ts';
import type { RunningCloud } from '../../../cloud.ts';
import { nameServersFor } from '../../../docker/metadata-shield.ts';

const missing = await whatIsMissing();

describe.skipIf(missing !== '')(`a container (${missing || 'Docker is there'})`, () => {
  let cloud: RunningCloud;
  let uri: string;
  beforeAll(async () => {
    let token: string;
    ({ cloud, token } = await cloudWithImage());
    const operation = await deploy(cloud, token, 'POST', 'web', {});
    ({ uri } = operation.response as { uri: string });
    cloud.iam.grant(
      'projects/demo-project/locations/us-central1/services/web',
      'roles/run.invoker',
      'allUsers',
    );
  }, 120_000);
  afterAll(() => cloud.close());

  const asked = async (path: string): Promise<string> => (await fetch(`${uri}/cgi-bin/${path}`)).text();

  it.each(['169.254.169.254', '169.254.170.2'])('finds nobody at %s', async (address) => {
    expect(await asked(`connect?${address}`)).toMatch(/^no\b/);
  });

  it('has a way to link-local addresses that ends at once, and its way out as before', async () => {
    const table = await asked('cat?/proc/net/route');
    const rows = table.split('\n').map((line) => line.split('\t'));
    // Little-endian: 169.254.0.0/16, without a gateway.
    const shield = rows.find(([, destination]) => destination === '0000FEA9');
    expect(shield?.slice(2, 3)).toEqual(['00000000']);
    const way = rows.find(([, destination]) => destination === '00000000');
    expect(way?.[0]).not.toBe(shield?.[0]);
  });

  it('leaves this machine its own way', () => {
    expect(execFileSync('cat', ['/proc/net/route'], { encoding: 'utf8' })).not.toContain('0000FEA9');
  });
});

describe('name servers', () => {
  it('that are link-local make way for others', () => {
    expect(nameServersFor('search x\nnameserver 169.254.169.254\n')).toEqual({ Dns: ['8.8.8.8', '8.8.4.4'] });
    expect(nameServersFor('nameserver 192.0.2.1\n')).toEqual({});
    expect(nameServersFor('')).toEqual({});
  });
});
