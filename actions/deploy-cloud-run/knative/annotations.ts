import type { Reader } from './reader.ts';

/** Annotations of Google and Knative, each with what it says in the API v2; undefined for what says nothing there. */
export type Annotations<T> = Readonly<
  Record<string, (value: Reader, name: string) => Partial<T> | undefined>
>;

/** Written by Google or by gcloud, and of no effect when they are given. */
const WRITTEN = [
  'run.googleapis.com/client-name',
  'run.googleapis.com/client-version',
  'run.googleapis.com/creator',
  'run.googleapis.com/creatorEmail',
  'run.googleapis.com/lastModifier',
  'run.googleapis.com/lastModifierEmail',
  'run.googleapis.com/operation-id',
  'run.googleapis.com/ingress-status',
  'run.googleapis.com/urls',
  'run.googleapis.com/startupProbeType',
  'run.googleapis.com/build-id',
  'run.googleapis.com/build-name',
  'run.googleapis.com/satisfiesPzs',
  'serving.knative.dev/creator',
  'serving.knative.dev/lastModifier',
  'client.knative.dev/user-image',
  'client.knative.dev/nonce',
  'cloud.googleapis.com/location',
];

/**
 * Reads annotations: those of Google into the fields they stand for, the rest as they are.
 *
 * @throws ActionError for one of Google's that has no place here, since it would be lost
 */
export function readAnnotations<T extends { readonly annotations?: Readonly<Record<string, string>> }>(
  map: Reader,
  known: Annotations<T>,
): Partial<T> {
  const own: Record<string, string> = {};
  const parts: Partial<T>[] = [];
  for (const [name, value] of map.map()) {
    const read = Object.hasOwn(known, name) ? known[name] : undefined;
    if (read) parts.push(read(value, name) ?? {});
    else if (WRITTEN.includes(name)) continue;
    else if (/^([\w.-]+\.)?(googleapis\.com|knative\.dev)\//.test(name))
      throw value.wrong(
        `the annotation ${name} is not known here`,
        `take it out; there are: ${Object.keys(known).join(', ')}`,
      );
    else own[name] = value.text();
  }
  if (Object.keys(own).length > 0) parts.push({ annotations: own } as Partial<T>);
  return parts.reduce(joined, {});
}

/** Two parts in one; where several annotations say fields of one object, it has them all. */
function joined<T>(left: Partial<T>, right: Partial<T>): Partial<T> {
  const result: Record<string, unknown> = { ...left };
  for (const [name, value] of Object.entries(right)) {
    const before = result[name];
    result[name] = isObject(before) && isObject(value) ? { ...before, ...value } : value;
  }
  return result as Partial<T>;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Labels, without those that Google writes itself. */
export function readLabels(map: Reader): { labels?: Record<string, string> } {
  const labels = map
    .map()
    .filter(([name]) => !WRITTEN.includes(name))
    .map(([name, value]) => [name, value.text()] as const);
  return labels.length > 0 ? { labels: Object.fromEntries(labels) } : {};
}
