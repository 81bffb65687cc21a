import { fields, list, map, number, object, type Reader, text } from '@gangway/http';

/** A field of `metadata.managedFields`: who owns which fields. */
interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
}

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

interface Metadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
  readonly ownerReferences?: readonly Owner[];
  readonly deletionTimestamp?: string;
}

/** An object of Kubernetes, of whatever kind. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

const OWNER = fields<Owner>({ kind: text, name: text, uid: text }, 'kind', 'name', 'uid');
const METADATA = fields<Metadata>({
  name: text,
  generateName: text,
  namespace: text,
  uid: text,
  resourceVersion: text,
  generation: number,
  labels: map(text),
  annotations: map(text),
  managedFields: list(fields<ManagedFields>({ manager: text, operation: text, time: text })),
  ownerReferences: list(OWNER),
  deletionTimestamp: text,
});

/** An object as an API server gives it. */
export const OBJECT: Reader<KubernetesObject> = (value, at) => {
  const read = object(value, at);
  const { apiVersion, kind, metadata } = read;
  return {
    ...read,
    // What is in a list has neither of them.
    apiVersion: apiVersion === undefined ? '' : text(apiVersion, `${at}.apiVersion`),
    kind: kind === undefined ? '' : text(kind, `${at}.kind`),
    metadata: METADATA(metadata, `${at}.metadata`),
  };
};

/** The objects of a list, which are not told of what kind they are. */
export const OBJECTS: Reader<{ readonly items: readonly KubernetesObject[] }> = fields<{
  items: readonly KubernetesObject[];
}>({ items: list(OBJECT) }, 'items');

/** An object as people name it, e.g. `deployment.apps/web`, as kubectl does. */
export function nameOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  return `${kind.toLowerCase()}${group ? `.${group}` : ''}/${metadata.name ?? `${metadata.generateName}…`}`;
}

/** The API group of an `apiVersion`, empty for the core's. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** A value of an object at a path, where each step is there. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner: unknown, name) => Object(inner)[name], value);
}

/** The same, if it is a whole number. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The same, if it is a text. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The same, the objects of a list. */
export function listAt(
  value: unknown,
  ...path: readonly string[]
): readonly Readonly<Record<string, unknown>>[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((one) => typeof one === 'object' && one !== null) : [];
}
