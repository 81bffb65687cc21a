import { ActionError } from '@gangway/action';
import {
  FIELD_MANAGER,
  type Kubernetes,
  type KubernetesObject,
  listAt,
  look,
  OBJECT,
} from '@gangway/kubernetes';
import type { ImageWork } from '../inputs.ts';
import { changesOf } from './changes.ts';
import type { Item } from './item.ts';

const PLURALS = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const;
/** As kubectl has it: only the image changes hands, whoever owns the rest. */
const STRATEGIC = 'application/strategic-merge-patch+json';

/**
 * Compares the image of one container with what is wanted, and lets the server check the change.
 *
 * @param image by digest
 * @throws ActionError `workload-missing`, `container-missing`
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go
 */
export async function planImage(
  api: Kubernetes,
  namespace: string,
  work: ImageWork,
  image: string,
): Promise<Item> {
  const { workload, name } = work;
  const path = `/apis/apps/v1/namespaces/${namespace}/${PLURALS[workload]}/${name}`;
  const live = await look(api, path);
  if (!live)
    throw new ActionError(`There is no ${workload} "${name}" in the namespace ${namespace}.`, {
      code: 'workload-missing',
      hint: `check deployment and namespace: "kubectl get ${PLURALS[workload]} --all-namespaces" lists the existing ones; manifests make one`,
    });
  const { list, container } = findContainer(live, work);
  const item = { wanted: live, path, where: 'the input deployment', live, checked: true };
  if (container.image === image) return { ...item, change: 'unchanged', changes: [] };
  const patch = { spec: { template: { spec: { [list]: [{ name: container.name, image }] } } } };
  const after = await sendPatch(api, path, patch, true);
  return { ...item, patch, change: 'changed', changes: changesOf(live, after) };
}

/** Sends the patch of an image. @returns the object as it is then, or on a dry run would be */
export function sendPatch(
  api: Kubernetes,
  path: string,
  patch: object,
  dryRun: boolean,
): Promise<KubernetesObject> {
  const query = { fieldManager: `${FIELD_MANAGER}-image`, dryRun: dryRun ? 'All' : undefined };
  return api.request({ method: 'PATCH', path, query, type: STRATEGIC, body: patch, answer: OBJECT });
}

function findContainer(live: KubernetesObject, { workload, name, container }: ImageWork) {
  const lists = ['containers', 'initContainers'] as const;
  const all = lists.flatMap((list) =>
    listAt(live, 'spec', 'template', 'spec', list).map((one) => ({ list, container: one })),
  );
  const usual = all.filter(({ list }) => list === 'containers');
  const found = container === undefined ? usual : all.filter((one) => one.container.name === container);
  const [first, second] = found;
  if (first && !second) return first;
  const names = all.map((one) => one.container.name).join(', ');
  throw new ActionError(
    container === undefined
      ? `Input "container" is empty, and the ${workload} ${name} has several containers.`
      : `Input "container" is "${container}", and the ${workload} ${name} has no such container.`,
    { code: 'container-missing', hint: `set container to one of ${names}` },
  );
}
