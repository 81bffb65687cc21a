import { input } from '@gangway/action';
import { mainIndex } from '../api/main-container.ts';
import type { Container, Volume, VpcAccess, Workload } from '../api/resources.ts';
import type { Annotations } from './annotations.ts';
import { type Aliases, readContainer } from './container.ts';
import type { Reader } from './reader.ts';
import { readVolume } from './volumes.ts';

const DEPENDENCIES = 'run.googleapis.com/container-dependencies';
const BASE_IMAGES = 'run.googleapis.com/base-images';

/** What annotations of a template say of its containers, to be put into them once they are read. */
export interface Said {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly executionEnvironment?: string;
  readonly encryptionKey?: string;
  readonly vpcAccess?: VpcAccess;
  readonly cloudSql?: readonly string[];
  readonly cpuIdle?: boolean;
  readonly startupCpuBoost?: boolean;
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly connector?: string;
  readonly egress?: string;
  readonly interfaces?: NonNullable<VpcAccess['networkInterfaces']>;
  /** By the name of the container; the main one may have none. */
  readonly baseImages?: Readonly<Record<string, string>>;
}

/** Annotations that revisions and executions have in common (https://cloud.google.com/run/docs/reference/rest/v1/ObjectMeta). */
export const WORKLOAD_ANNOTATIONS: Annotations<Said> = {
  'run.googleapis.com/execution-environment': (value) => ({
    executionEnvironment: value.word({
      gen1: 'EXECUTION_ENVIRONMENT_GEN1',
      gen2: 'EXECUTION_ENVIRONMENT_GEN2',
    }),
  }),
  'run.googleapis.com/encryption-key': (value) => ({ encryptionKey: value.text() }),
  'run.googleapis.com/cloudsql-instances': (value) => ({
    cloudSql: value
      .text()
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  }),
  'run.googleapis.com/vpc-access-connector': (value) => ({ connector: value.text() }),
  'run.googleapis.com/vpc-access-egress': (value) => ({
    egress: value.word({
      'all-traffic': 'ALL_TRAFFIC',
      all: 'ALL_TRAFFIC',
      'private-ranges-only': 'PRIVATE_RANGES_ONLY',
    }),
  }),
  'run.googleapis.com/network-interfaces': (value) => ({ interfaces: readInterfaces(value) }),
  'run.googleapis.com/cpu-throttling': (value) => ({ cpuIdle: value.flag() }),
  'run.googleapis.com/startup-cpu-boost': (value) => ({ startupCpuBoost: value.flag() }),
  [DEPENDENCIES]: (value) => ({ dependencies: readDependencies(value) }),
  [BASE_IMAGES]: (value) => ({ baseImages: readMap(value) }),
  // Where the build of a function was; of no effect on what runs.
  'run.googleapis.com/build-function-target': () => undefined,
  'run.googleapis.com/build-source-location': () => undefined,
  // Read before the containers: they name secrets by it.
  'run.googleapis.com/secrets': () => undefined,
};

/** Full names of secrets by alias, of an annotation such as `db:projects/p/secrets/db`. */
export function readAliases(annotations: Reader | undefined): Aliases {
  const found = annotations?.map().find(([name]) => name === 'run.googleapis.com/secrets')?.[1];
  const pairs = (found?.text() ?? '').split(',').flatMap((item) => {
    const [alias = '', name = ''] = item.trim().split(':');
    return alias ? [[alias, name] as const] : [];
  });
  return new Map(pairs);
}

/**
 * Refuses annotations about containers that the file doesn't have: they would be lost. The one that has no name goes by
 * an empty one. Those that are waited for may also be of the input `sidecars`, which is put in later.
 *
 * @throws ActionError at the annotation
 */
export function refuseUnknownContainers(
  annotations: Reader | undefined,
  { dependencies = {}, baseImages = {} }: Said,
  containers: readonly Container[] = [],
): void {
  const known = containers.map(({ name = '' }) => name);
  const waitedFor = input.optional('sidecars') === undefined ? Object.values(dependencies).flat() : [];
  const named: readonly (readonly [string, readonly string[]])[] = [
    [DEPENDENCIES, [...Object.keys(dependencies), ...waitedFor]],
    [BASE_IMAGES, Object.keys(baseImages)],
  ];
  for (const [annotation, names] of named) {
    const unknown = names.find((name) => !known.includes(name));
    if (unknown === undefined) continue;
    const at = annotations?.map().find(([name]) => name === annotation)?.[1];
    const there = known.filter((name) => name !== '');
    throw at?.wrong(
      `there is no container "${unknown}"`,
      there.length > 0 ? `there are: ${there.join(', ')}` : 'give the containers names',
    );
  }
}

/** The fields that the specs of revisions and of tasks have in common. */
export function workloadFields(aliases: Aliases): {
  readonly [K in string]: (value: Reader) => Partial<Workload> | undefined;
} {
  return {
    containers: (containers) => ({ containers: containers.list((item) => readContainer(item, aliases)) }),
    volumes: (volumes) => ({ volumes: volumes.list((item) => readVolume(item, aliases)) }),
    timeoutSeconds: (value) => ({ timeout: `${value.number()}s` }),
    serviceAccountName: (value) => ({ serviceAccount: value.text() }),
    nodeSelector: (selector) => ({
      nodeSelector: selector.object<{ accelerator?: string }>({
        'run.googleapis.com/accelerator': (value) => ({ accelerator: value.text() }),
      }),
    }),
    sandboxes: (value) => ({ sandboxes: value.plain() as object }),
  };
}

/**
 * A workload with what the annotations say put into its containers and volumes.
 *
 * @param said `cpuIdle` is undefined for what has none, such as tasks
 */
export function complete<T extends Workload>(workload: T, said: Said): T {
  const { containers = [], volumes = [] } = workload;
  const { cloudSql = [], connector, egress, interfaces, executionEnvironment, encryptionKey } = said;
  const main = mainIndex(containers);
  const vpcAccess = {
    ...(connector && { connector }),
    ...(egress && { egress }),
    ...(interfaces && { networkInterfaces: interfaces }),
  };
  const sql: Volume[] =
    cloudSql.length > 0 ? [{ name: 'cloudsql', cloudSqlInstance: { instances: cloudSql } }] : [];
  return {
    ...workload,
    ...(executionEnvironment && { executionEnvironment }),
    ...(encryptionKey && { encryptionKey }),
    ...(Object.keys(vpcAccess).length > 0 && { vpcAccess }),
    ...(volumes.length + sql.length > 0 && { volumes: [...volumes, ...sql] }),
    containers: containers.map((container, index) => withSaid(container, said, index === main)),
  };
}

function withSaid(container: Container, said: Said, isMain: boolean): Container {
  const { cpuIdle, startupCpuBoost, dependencies = {}, cloudSql = [], baseImages = {} } = said;
  const baseImageUri = baseImages[container.name ?? ''];
  const dependsOn = dependencies[container.name ?? ''];
  const own = {
    ...container.resources,
    ...(startupCpuBoost !== undefined && isMain && { startupCpuBoost }),
  };
  // The API v2 takes CPUs for always allocated where resources are set and this isn't; files take them for idle.
  const resources = {
    ...own,
    ...(cpuIdle !== undefined && (!cpuIdle || Object.keys(own).length > 0) && { cpuIdle }),
  };
  const mounts = container.volumeMounts ?? [];
  const sql = isMain && cloudSql.length > 0 ? [{ name: 'cloudsql', mountPath: '/cloudsql' }] : [];
  return {
    ...container,
    ...(Object.keys(resources).length > 0 && { resources }),
    ...(mounts.length + sql.length > 0 && { volumeMounts: [...mounts, ...sql] }),
    ...(dependsOn && dependsOn.length > 0 && { dependsOn }),
    ...(baseImageUri && { baseImageUri }),
  };
}

function readInterfaces(value: Reader): NonNullable<Said['interfaces']> {
  const list = value.json();
  if (!Array.isArray(list)) throw value.wrong('a JSON list is needed here');
  return list.map((item: Record<string, unknown>) => {
    const { network, subnetwork, tags, ...rest } = item;
    const [unknown] = Object.keys(rest);
    if (unknown) throw value.wrong(`"${unknown}" is no field of a network interface`);
    const names =
      typeof tags === 'string' ? tags.split(',').map((tag) => tag.trim()) : (tags as string[] | undefined);
    return {
      ...(network !== undefined && { network: String(network) }),
      ...(subnetwork !== undefined && { subnetwork: String(subnetwork) }),
      ...(names && names.length > 0 && { tags: names }),
    };
  });
}

function readDependencies(value: Reader): NonNullable<Said['dependencies']> {
  const cure = 'write which containers each waits for, such as {app: [proxy]}';
  const object = value.json();
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    throw value.wrong('a JSON object is needed here', cure);
  for (const [name, others] of Object.entries(object))
    if (!Array.isArray(others) || others.some((other) => typeof other !== 'string'))
      throw value.wrong(`"${name}" needs a list of names`, cure);
  return object as NonNullable<Said['dependencies']>;
}

function readMap(value: Reader): Record<string, string> {
  const object = value.json();
  if (
    typeof object !== 'object' ||
    object === null ||
    Object.values(object).some((one) => typeof one !== 'string')
  )
    throw value.wrong('a JSON object of strings is needed here');
  return object as Record<string, string>;
}
