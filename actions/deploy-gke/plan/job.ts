import { ActionError } from '@gangway/action';
import {
  jobStatus,
  type Kubernetes,
  type KubernetesObject,
  nameOf,
  OBJECT,
  type Target,
} from '@gangway/kubernetes';

/**
 * Lets the server check a Job that is to take the place of another. A Job can't be changed, so that it is checked under another name.
 *
 * @throws ActionError `job-running` when the other has not ended; KubernetesError for what the server refuses
 */
export async function checkJob(
  api: Kubernetes,
  { wanted, path, where }: Target,
  live: KubernetesObject,
): Promise<void> {
  const { done, failed } = jobStatus(live);
  if (!done && !failed)
    throw new ActionError(`${nameOf(wanted)} (${where}) runs already, made of another manifest.`, {
      code: 'job-running',
      hint: 'wait until it has ended, and run the job again; workflows that deploy to one cluster need a "concurrency" group',
    });
  const { name, ...metadata } = wanted.metadata;
  await api.request({
    method: 'POST',
    path: path.slice(0, path.lastIndexOf('/')),
    query: { dryRun: 'All', fieldValidation: 'Strict' },
    body: { ...wanted, metadata: { ...metadata, generateName: `${name?.slice(0, 50)}-` } },
    answer: OBJECT,
  });
}
