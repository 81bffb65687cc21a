import { ApiError } from '../../errors.ts';
import type { AskedContainer, AskedTemplate } from '../run/defaults.ts';
import type { Container, EnvVar, Template, Volume } from '../run/types.ts';
import { type Annotations, flag, json, number, own, ownLabels, RUN } from './annotations.ts';

/** A template as the API v1 takes it (https://cloud.google.com/run/docs/reference/rest/v1/RevisionTemplate). */
export interface V1Template {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Annotations;
  };
  readonly spec?: {
    readonly containerConcurrency?: number;
    readonly timeoutSeconds?: number;
    readonly serviceAccountName?: string;
    readonly containers?: readonly V1Container[];
    readonly volumes?: readonly V1Volume[];
    readonly nodeSelector?: Readonly<Record<string, string>>;
  };
}

type Shared = 'command' | 'args' | 'workingDir' | 'ports' | 'startupProbe' | 'livenessProbe' | 'volumeMounts';

interface V1Container extends Partial<Pick<Container, Shared | 'name' | 'image'>> {
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key?: string } };
  }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

interface V1Volume {
  readonly name: string;
  readonly secret?: {
    readonly secretName: string;
    readonly items?: readonly { readonly key?: string; readonly path: string; readonly mode?: number }[];
    readonly defaultMode?: number;
  };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
  readonly csi?: {
    readonly driver: string;
    readonly readOnly?: boolean;
    readonly volumeAttributes?: { readonly bucketName?: string };
  };
  readonly nfs?: Volume['nfs'];
}

/** Volumes of Cloud SQL have no name in the API v1. */
const SQL = 'cloudsql';

/** What the API v2 calls all of it. @throws ApiError INVALID_ARGUMENT for an annotation that can't be read */
export function askedTemplate({ metadata = {}, spec = {} }: V1Template): AskedTemplate {
  const { annotations = {}, labels, name } = metadata;
  const scaling = {
    minInstanceCount: number(annotations, 'autoscaling.knative.dev/minScale'),
    maxInstanceCount: number(annotations, 'autoscaling.knative.dev/maxScale'),
  };
  const generation = annotations[`${RUN}/execution-environment`]?.toUpperCase();
  const accelerator = spec.nodeSelector?.[`${RUN}/accelerator`];
  const volumes = volumesOf(spec.volumes ?? [], annotations);
  return set<AskedTemplate>({
    revision: name,
    labels: ownLabels(labels),
    annotations: own(annotations),
    scaling: set(scaling),
    timeout: spec.timeoutSeconds === undefined ? undefined : `${spec.timeoutSeconds}s`,
    serviceAccount: spec.serviceAccountName,
    maxInstanceRequestConcurrency: spec.containerConcurrency,
    executionEnvironment: generation && `EXECUTION_ENVIRONMENT_${generation}`,
    sessionAffinity: flag(annotations, `${RUN}/sessionAffinity`),
    healthCheckDisabled: flag(annotations, `${RUN}/health-check-disabled`),
    encryptionKey: annotations[`${RUN}/encryption-key`],
    vpcAccess: vpcAccessOf(annotations),
    volumes: volumes.length > 0 ? volumes : undefined,
    nodeSelector: accelerator ? { accelerator } : undefined,
    containers: containersOf(spec.containers ?? [], annotations),
  });
}

function containersOf(containers: readonly V1Container[], annotations: Annotations): AskedContainer[] {
  const needs = json<Record<string, string[]>>(annotations, `${RUN}/container-dependencies`) ?? {};
  const sql = annotations[`${RUN}/cloudsql-instances`];
  return containers.map(({ name = '', image = '', env, resources, volumeMounts = [], ...rest }) => {
    const isIngress = containers.length === 1 || (rest.ports ?? []).length > 0;
    const mounts = [...volumeMounts, ...(sql && isIngress ? [{ name: SQL, mountPath: '/cloudsql' }] : [])];
    const throttled = flag(annotations, `${RUN}/cpu-throttling`);
    const boosted = flag(annotations, `${RUN}/startup-cpu-boost`);
    const cpu = isIngress ? set({ cpuIdle: throttled, startupCpuBoost: boosted }) : {};
    return set<AskedContainer>({
      ...rest,
      image,
      name: name || undefined,
      env: env?.map(variableOf),
      resources: { limits: { ...resources?.limits }, ...cpu },
      volumeMounts: mounts.length > 0 ? mounts : undefined,
      dependsOn: needs[name],
    });
  });
}

function variableOf({ name, value, valueFrom }: NonNullable<V1Container['env']>[number]): EnvVar {
  const secret = valueFrom?.secretKeyRef;
  if (!secret) return set<EnvVar>({ name, value });
  return { name, valueSource: { secretKeyRef: set({ secret: secret.name, version: secret.key }) } };
}

function volumesOf(volumes: readonly V1Volume[], annotations: Annotations): Volume[] {
  const instances = annotations[`${RUN}/cloudsql-instances`]?.split(',');
  return [...(instances ? [{ name: SQL, cloudSqlInstance: { instances } }] : []), ...volumes.map(volumeOf)];
}

function volumeOf({ name, secret, emptyDir, csi, nfs }: V1Volume): Volume {
  if (secret) {
    const items = secret.items?.map(({ key, ...item }) => set({ ...item, version: key }));
    return { name, secret: set({ secret: secret.secretName, defaultMode: secret.defaultMode, items }) };
  }
  if (emptyDir) {
    const medium = emptyDir.medium === 'Memory' ? 'MEMORY' : undefined;
    return { name, emptyDir: set({ ...emptyDir, medium }) };
  }
  if (csi)
    return { name, gcs: set({ bucket: csi.volumeAttributes?.bucketName ?? '', readOnly: csi.readOnly }) };
  if (nfs) return { name, nfs };
  throw new ApiError('INVALID_ARGUMENT', `Volume ${name} has no source.`);
}

function vpcAccessOf(annotations: Annotations): Template['vpcAccess'] {
  const egress = annotations[`${RUN}/vpc-access-egress`];
  const access = set({
    connector: annotations[`${RUN}/vpc-access-connector`],
    egress: egress?.toUpperCase().replaceAll('-', '_'),
    networkInterfaces: json<{ network?: string }[]>(annotations, `${RUN}/network-interfaces`),
  });
  return Object.keys(access).length > 0 ? access : undefined;
}

/** Without what is undefined: a field that is not set is not there. */
export function set<T extends object>(fields: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
