import type { Api } from './api.ts';
import { NODE } from './node-name.ts';
import type { Process } from './process.ts';
import { waitUntil } from './wait-until.ts';

const POLICIES = '/apis/admissionregistration.k8s.io/v1beta1';
const NAME = 'placement';

/**
 * Has every pod run on the one node, in the host's network unless pods have their own. Waits until that is in force, and the node is ready.
 *
 * @throws Error when a part of the cluster has ended, or after two minutes
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
export async function placePods(api: Api, processes: readonly Process[], hasNetwork: boolean): Promise<void> {
  const spec = `Object.spec{${hasNetwork ? '' : 'hostNetwork: true, '}nodeName: "${NODE}"}`;
  const until = (holds: () => Promise<boolean>) => waitUntil(processes, holds);
  await api('POST', `${POLICIES}/mutatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1beta1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: NAME },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
        ],
      },
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      mutations: [
        { patchType: 'ApplyConfiguration', applyConfiguration: { expression: `Object{spec: ${spec}}` } },
      ],
    },
  });
  await api('POST', `${POLICIES}/mutatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1beta1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: NAME },
    spec: { policyName: NAME },
  });
  await until(() => isPlaced(api));
  await until(() => isReady(api, hasNetwork));
}

async function isPlaced(api: Api): Promise<boolean> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'trial' },
    spec: { containers: [{ name: 'trial', image: 'trial:1' }] },
  };
  const made = await api('POST', '/api/v1/namespaces/default/pods?dryRun=All', pod);
  return (made as { spec: { nodeName?: string } }).spec.nodeName === NODE;
}

/** Its kubelet answers. Whether the network of pods is ready is not asked where no pod has one. */
async function isReady(api: Api, hasNetwork: boolean): Promise<boolean> {
  const { status } = (await api('GET', `/api/v1/nodes/${NODE}`)) as {
    status: { conditions: { type: string; reason: string; status: string; message: string }[] };
  };
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  return (
    ready?.status === 'True' || (!hasNetwork && /cni plugin not initialized/i.test(ready?.message ?? ''))
  );
}
