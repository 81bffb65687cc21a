import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import type { Revision } from '../v2/types.ts';
import { absentHere, inRegion } from './region.ts';
import { v1Conditions } from './service.ts';
import { v1Template } from './template.ts';

/** What says whose revision one is. */
const SERVICE = 'serving.knative.dev/service';

/** GET …/revisions, the newest of each service first. */
export function listRevisions(call: Call, cloud: Context): Reply {
  const selector = call.query.get('labelSelector') ?? '';
  const [, wanted] = /serving\.knative\.dev\/service\s*==?\s*([\w-]+)/.exec(selector) ?? [];
  const items = revisionsOf(call, cloud)
    .filter(({ service }) => !wanted || wanted === service)
    .map((revision) => v1Revision(revision, cloud));
  return { body: { apiVersion: 'serving.knative.dev/v1', kind: 'RevisionList', metadata: {}, items } };
}

/** GET …/revisions/R. */
export function getRevision(call: Call, cloud: Context): Reply {
  const { revision: id = '' } = call.params;
  const found = revisionsOf(call, cloud).find(({ name }) => name.endsWith(`/revisions/${id}`));
  if (!found) throw absentHere(call, 'REVISION', id);
  return { body: v1Revision(found, cloud) };
}

function revisionsOf(call: Call, cloud: Context): Revision[] {
  return inRegion(call, cloud).flatMap(({ revisions }) => [...revisions.values()].reverse());
}

/** A revision as the API v1 shows it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.revisions#Revision). */
function v1Revision(revision: Revision, { project }: Context): Record<string, unknown> {
  const { name, uid, createTime, service, etag, conditions, logUri } = revision;
  const [, , , location = '', , , , id = ''] = name.split('/');
  const { metadata, spec } = v1Template(revision);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      ...{ name: id, namespace: project.number, uid, generation: 1, creationTimestamp: createTime },
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${project.number}/revisions/${id}`,
      resourceVersion: etag.replaceAll('"', ''),
      labels: { ...metadata.labels, [SERVICE]: service, 'cloud.googleapis.com/location': location },
      annotations: metadata.annotations,
    },
    spec,
    status: { observedGeneration: 1, conditions: v1Conditions(conditions), logUrl: logUri },
  };
}
