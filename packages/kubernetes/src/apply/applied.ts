import { createHash } from 'node:crypto';
import type { Json } from '@gangway/settings';
import { groupOf, type KubernetesObject } from '../objects/object.ts';

/** What says of an object which manifest it was made of: a digest of it. */
export const MARK = 'gangway.dev/applied';
/** What servers set, and files that were made of their answers carry along. */
const SET_BY_SERVERS = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];

/**
 * An object as it is sent: without what only servers set, a Secret's texts as data, and with a mark by which an unchanged manifest is
 * known.
 */
export function marked(object: KubernetesObject): KubernetesObject {
  const { status: _, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(
    ([name, value]) => !SET_BY_SERVERS.includes(name) && value !== null,
  );
  const bare = withData({ ...rest, metadata: Object.fromEntries(kept) } as KubernetesObject);
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(bare)))
    .digest('hex');
  const annotations = { ...bare.metadata.annotations, [MARK]: digest.slice(0, 32) };
  return { ...bare, metadata: { ...bare.metadata, annotations } };
}

/** An object as a server has it: `stringData` of a Secret is only written, never read, and becomes `data`. */
export function withData(object: KubernetesObject): KubernetesObject {
  const { stringData, data, ...rest } = object;
  if (object.kind !== 'Secret' || groupOf(object.apiVersion) !== '' || typeof stringData !== 'object')
    return object;
  const encoded = Object.entries(Object(stringData)).map(([name, value]) => [
    name,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...rest, data: { ...Object(data), ...Object.fromEntries(encoded) } } as KubernetesObject;
}

/**
 * Whether an object is what a manifest asks for: it was made of this very manifest, and nobody has changed a field of it since. An
 * answer of no may be wrong, as where a server writes a value in another way; an answer of yes is not.
 *
 * @param wanted as {@link marked} gives it
 */
export function isAsApplied(live: KubernetesObject, wanted: KubernetesObject): boolean {
  return live.metadata.annotations?.[MARK] === wanted.metadata.annotations?.[MARK] && contains(live, wanted);
}

/** Whether what is there has every value that is wanted; a server fills in more. It may err on the side of no. */
export function contains(live: unknown, wanted: unknown, path = ''): boolean {
  if (wanted === null || wanted === undefined) return true;
  if (Array.isArray(wanted)) {
    if (live === undefined) return wanted.length === 0;
    if (!Array.isArray(live) || live.length !== wanted.length) return false;
    return wanted.every((item, index) => contains(live[index], item, path));
  }
  if (typeof wanted === 'object') {
    if (typeof live !== 'object' || live === null || Array.isArray(live)) return false;
    return Object.entries(wanted).every(([name, inner]) =>
      contains((live as Record<string, unknown>)[name], inner, `${path}.${name}`),
    );
  }
  if (live === wanted) return true;
  return /\.(limits|requests|hard|capacity)\.[^.]+$/.test(path) && isSameQuantity(live, wanted);
}

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** `0.5` and `500m` are one (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/). */
function isSameQuantity(one: unknown, other: unknown): boolean {
  const [left, right] = [one, other].map((value) => {
    const [, number, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)([A-Za-z]{0,2})$/.exec(String(value)) ?? [];
    const factor = FACTORS[unit];
    return number === undefined || factor === undefined ? undefined : Number(number) * factor;
  });
  return left !== undefined && left === right;
}

/** An object as a comparison shows it: without what changes by itself, and without what the server keeps for itself. */
export function comparable({ status: _, metadata, ...rest }: KubernetesObject): Json {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([name]) =>
      name !== 'kubectl.kubernetes.io/last-applied-configuration' &&
      name !== 'deployment.kubernetes.io/revision',
  );
  const kept = Object.entries(metadata).filter(([name]) => !SET_BY_SERVERS.includes(name));
  return {
    ...rest,
    metadata: { ...Object.fromEntries(kept), annotations: Object.fromEntries(annotations) },
  } as Json;
}

/** The same with its keys in order, so that what says the same looks the same. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

/** Whether two values say the same, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}
