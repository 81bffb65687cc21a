import type { Api } from '../api.ts';

/** A Service, as far as it says who is let in. */
export interface Service {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly loadBalancerClass?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly nodePort?: number;
      readonly protocol?: string;
    }[];
  };
  readonly status: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/**
 * Says at a Service why it has no address, as Kubernetes' own controller does; once for each reason.
 *
 * @param told what was said before
 */
export async function warn(api: Api, service: Service, why: string, told: Set<string>): Promise<void> {
  const { name, namespace, uid } = service.metadata;
  const key = `${uid} ${why}`;
  if (told.has(key)) return;
  const now = new Date().toISOString().replace(/\.\d+/, '');
  await api('POST', `/api/v1/namespaces/${namespace}/events`, {
    metadata: { generateName: `${name}.` },
    involvedObject: { apiVersion: 'v1', kind: 'Service', name, namespace, uid },
    reason: 'SyncLoadBalancerFailed',
    message: `Error syncing load balancer: ${why}`,
    type: 'Warning',
    source: { component: 'service-controller' },
    ...{ firstTimestamp: now, lastTimestamp: now, count: 1 },
  });
  told.add(key);
}
