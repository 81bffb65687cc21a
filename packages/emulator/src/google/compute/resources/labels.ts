import { ApiError } from '../../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import { labelsOf } from '../../../kernel/resources/labels.ts';
import type { Context } from '../context.ts';
import { badRequest } from '../errors.ts';
import { fingerprintOf, requireFingerprint } from '../fingerprint.ts';
import { operate } from '../operations/operate.ts';
import type { Kind } from './kinds.ts';
import { change, resourceOf } from './resource.ts';

/** Labels as a resource has them. @throws ComputeError for what are none */
export function labelled(labels: unknown): Readonly<Record<string, unknown>> {
  const { labels: checked } = { labels: checkedLabels((labels ?? {}) as Record<string, string>) };
  return {
    ...(Object.keys(checked).length > 0 && { labels: checked }),
    labelFingerprint: fingerprintOf(['labels', checked]),
  };
}

/** setLabels of a kind: all of them, by the fingerprint of those before. */
export function setLabels(kind: Kind): (call: Call, cloud: Context) => Reply {
  return (call, cloud) => {
    const { params } = call;
    const named = { ...call, params: { ...params, name: params.name ?? params.resource ?? '' } };
    const { path, resource } = resourceOf(named, cloud, kind);
    const { labels, labelFingerprint } = json<{ labels?: unknown; labelFingerprint?: unknown }>(call);
    requireFingerprint(labelFingerprint, resource.labelFingerprint, 'labels');
    const fields = { labels: undefined, ...labelled(labels) };
    const work = () => change(cloud, path, fields);
    return operate(call, cloud, { type: 'setLabels', target: path, targetId: resource.id, work });
  };
}

function checkedLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    return labelsOf({ labels });
  } catch (error) {
    if (error instanceof ApiError)
      throw badRequest(
        `Invalid value for field 'resource.labels': ''. ${error.message}`,
        'invalid',
        'INVALID_FIELD_VALUE',
      );
    throw error;
  }
}
