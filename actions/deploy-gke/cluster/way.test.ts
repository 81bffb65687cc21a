import { describe, expect, it } from 'vitest';
import type { Cluster } from './cluster.ts';
import { pickWay } from './way.ts';

const GATEWAY = 'https://connectgateway.googleapis.com/';
const CA = Buffer.from('PEM').toString('base64');
const base: Cluster = {
  name: 'main',
  endpoint: '203.0.113.7',
  masterAuth: { clusterCaCertificate: CA },
  privateClusterConfig: { privateEndpoint: '10.0.0.2' },
};
const dns = (allowExternalTraffic: boolean) => ({
  controlPlaneEndpointsConfig: {
    dnsEndpointConfig: { endpoint: 'gke-1.us-central1.gke.goog', allowExternalTraffic },
  },
});
const fleet = {
  fleet: { membership: '//gkehub.googleapis.com/projects/7/locations/us-central1/memberships/main' },
};
const closed = { privateClusterConfig: { enablePrivateEndpoint: true, privateEndpoint: '10.0.0.2' } };

describe('the way to an API server', () => {
  it.each([
    [
      'the DNS-based endpoint, without the authority of the cluster',
      { ...base, ...dns(true) },
      'https://gke-1.us-central1.gke.goog',
      undefined,
    ],
    [
      'the public address when that takes no traffic from outside',
      { ...base, ...dns(false) },
      'https://203.0.113.7',
      'PEM',
    ],
    [
      'the Connect gateway when there is no public address',
      { ...base, ...closed, ...fleet },
      `${GATEWAY}v1/projects/7/locations/us-central1/gkeMemberships/main`,
      undefined,
    ],
    ['the internal address else', { ...base, ...closed }, 'https://10.0.0.2', 'PEM'],
    [
      'the internal address for a member of a fleet that is lightweight',
      { ...base, ...closed, fleet: { ...fleet.fleet, membershipType: 'LIGHTWEIGHT' } },
      'https://10.0.0.2',
      'PEM',
    ],
  ])('is %s', (_, cluster, server, ca) => {
    expect(pickWay(cluster, 'auto', GATEWAY)).toMatchObject({ server, ca });
  });

  it.each([
    ['internal', base, 'https://10.0.0.2'],
    ['dns', { ...base, ...dns(true) }, 'https://gke-1.us-central1.gke.goog'],
    ['gateway', { ...base, ...fleet }, `${GATEWAY}v1/projects/7/locations/us-central1/gkeMemberships/main`],
  ] as const)('is the one that is asked for: %s', (asked, cluster, server) => {
    expect(pickWay(cluster, asked, GATEWAY).server).toBe(server);
  });

  it.each([
    ['dns', { ...base, ...dns(false) }, 'has no DNS-based endpoint that takes external traffic'],
    ['gateway', base, 'is no full member of a fleet'],
    ['internal', { name: 'main' }, 'has no internal address'],
    ['auto', { name: 'main', endpoint: 'gke-1.us-central1.gke.goog' }, 'has no endpoint that can be used'],
  ] as const)('is refused where there is none: %s', (asked, cluster, message) => {
    expect(() => pickWay(cluster, asked, GATEWAY)).toThrow(`The cluster main ${message}`);
  });
});
