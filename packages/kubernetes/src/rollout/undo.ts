import type { Kubernetes } from '../api/client.ts';
import { KubernetesError } from '../api/error.ts';
import { MARK } from '../apply/applied.ts';
import { FIELD_MANAGER } from '../apply/apply.ts';
import { type KubernetesObject, OBJECT } from '../objects/object.ts';
import { templateOf } from './wait.ts';

/**
 * Gives a workload back the template that it had, as `kubectl rollout undo` does, unless someone else has changed it since.
 *
 * @param before as it was before this run
 * @param ours as this run left it
 * @returns the object as it is then; undefined when it is no longer ours
 * @throws KubernetesError
 */
export async function undo(
  cluster: Kubernetes,
  path: string,
  before: KubernetesObject,
  ours: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const mark = ours.metadata.annotations?.[MARK];
  try {
    return await cluster.request({
      method: 'PATCH',
      path,
      query: { fieldManager: `${FIELD_MANAGER}-rollback` },
      type: 'application/json-patch+json',
      body: [
        { op: 'test', path: '/metadata/uid', value: ours.metadata.uid },
        { op: 'test', path: '/spec/template', value: templateOf(ours) },
        { op: 'replace', path: '/spec/template', value: templateOf(before) },
        // It is no longer what the manifest says.
        ...(mark === undefined
          ? []
          : [{ op: 'remove', path: `/metadata/annotations/${MARK.replace('/', '~1')}` }]),
      ],
      answer: OBJECT,
    });
  } catch (error) {
    if (error instanceof KubernetesError && /\btest(ing)?\b/.test(error.detail) && error.httpStatus < 500)
      return undefined;
    throw error;
  }
}
