import { ApiError } from '../../../kernel/errors.ts';
import type { AskedContainer, AskedTemplate } from '../v2/asked.ts';
import type { Container, EnvVar, Volume, VpcAccess } from '../v2/types.ts';
import { AnnotationReader, RUN } from './annotations.ts';
import { ownLabels, set, setAny } from './fields.ts';

/** A template as the API v1 takes it (https://cloud.google.com/run/docs/reference/rest/v1/RevisionTemplate). */
export interface V1Template {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
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

type Shared =
  | ('command' | 'args' | 'workingDir' | 'ports' | 'volumeMounts')
  | ('startupProbe' | 'livenessProbe' | 'readinessProbe');

interface V1Container extends Partial<Pick<Container, Shared | 'name' | 'image'>> {
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key?: string } };
  }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  /** Of no effect: an image is pulled by its digest. */
  readonly imagePullPolicy?: string;
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
  const annotations = new AnnotationReader(metadata.annotations);
  const generation = annotations.text(`${RUN}/execution-environment`)?.toUpperCase();
  const accelerator = spec.nodeSelector?.[`${RUN}/accelerator`];
  const instances = annotations.text(`${RUN}/cloudsql-instances`)?.split(',');
  const volumes = [
    ...(instances ? [{ name: SQL, cloudSqlInstance: { instances } }] : []),
    ...(spec.volumes ?? []).map(volumeOf),
  ];
  return set<AskedTemplate>({
    revision: metadata.name,
    labels: ownLabels(metadata.labels),
    scaling: set({
      minInstanceCount: annotations.number('autoscaling.knative.dev/minScale'),
      maxInstanceCount: annotations.number('autoscaling.knative.dev/maxScale'),
    }),
    timeout: spec.timeoutSeconds === undefined ? undefined : `${spec.timeoutSeconds}s`,
    serviceAccount: spec.serviceAccountName,
    maxInstanceRequestConcurrency: spec.containerConcurrency,
    executionEnvironment: generation && `EXECUTION_ENVIRONMENT_${generation}`,
    sessionAffinity: annotations.flag(`${RUN}/sessionAffinity`),
    healthCheckDisabled: annotations.flag(`${RUN}/health-check-disabled`),
    encryptionKey: annotations.text(`${RUN}/encryption-key`),
    vpcAccess: setAny({
      connector: annotations.text(`${RUN}/vpc-access-connector`),
      egress: annotations.text(`${RUN}/vpc-access-egress`)?.toUpperCase().replaceAll('-', '_'),
      networkInterfaces: annotations.json<VpcAccess['networkInterfaces']>(`${RUN}/network-interfaces`),
    }),
    volumes: volumes.length > 0 ? volumes : undefined,
    nodeSelector: accelerator ? { accelerator } : undefined,
    containers: containersOf(spec.containers ?? [], instances !== undefined, annotations),
    annotations: annotations.own(),
  });
}

function containersOf(
  containers: readonly V1Container[],
  sql: boolean,
  annotations: AnnotationReader,
): AskedContainer[] {
  const needs = annotations.json<Record<string, string[]>>(`${RUN}/container-dependencies`) ?? {};
  const cpuIdle = annotations.flag(`${RUN}/cpu-throttling`) ?? true;
  const startupCpuBoost = annotations.flag(`${RUN}/startup-cpu-boost`);
  return containers.map(
    ({ name = '', image = '', env, resources, volumeMounts = [], imagePullPolicy: _, ...rest }) => {
      const isIngress = containers.length === 1 || (rest.ports ?? []).length > 0;
      const mounts = [...volumeMounts, ...(sql && isIngress ? [{ name: SQL, mountPath: '/cloudsql' }] : [])];
      return set<AskedContainer>({
        ...rest,
        image,
        name: name || undefined,
        env: env?.map(variableOf),
        resources: {
          limits: { ...resources?.limits },
          cpuIdle,
          ...(isIngress && startupCpuBoost !== undefined && { startupCpuBoost }),
        },
        volumeMounts: mounts.length > 0 ? mounts : undefined,
        dependsOn: needs[name],
      });
    },
  );
}

function variableOf({ name, value, valueFrom }: NonNullable<V1Container['env']>[number]): EnvVar {
  const secret = valueFrom?.secretKeyRef;
  if (!secret) return set<EnvVar>({ name, value });
  return { name, valueSource: { secretKeyRef: set({ secret: secret.name, version: secret.key }) } };
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
  if (csi?.driver === 'gcsfuse.run.googleapis.com')
    return { name, gcs: set({ bucket: csi.volumeAttributes?.bucketName ?? '', readOnly: csi.readOnly }) };
  if (nfs) return { name, nfs };
  throw new ApiError('INVALID_ARGUMENT', `Volume ${name} has no source that is known.`);
}
