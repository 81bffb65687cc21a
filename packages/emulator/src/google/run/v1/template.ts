import type { Container, Template, Volume } from '../v2/types.ts';
import { RUN, texts } from './annotations.ts';

interface ShownTemplate {
  readonly metadata: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A template as the API v1 shows it: much of it is in annotations (https://cloud.google.com/run/docs/reference/rest/v1/RevisionSpec). */
export function v1Template(template: Template): ShownTemplate {
  const { labels, containers, volumes = [], nodeSelector } = template;
  const shown = volumes.filter(({ cloudSqlInstance }) => !cloudSqlInstance);
  return {
    metadata: {
      ...(template.revision && { name: template.revision }),
      ...(labels && { labels }),
      annotations: annotationsOf(template),
    },
    spec: {
      containerConcurrency: template.maxInstanceRequestConcurrency,
      timeoutSeconds: Number.parseInt(template.timeout, 10),
      serviceAccountName: template.serviceAccount,
      containers: containers.map((container) => v1Container(container, volumes)),
      ...(shown.length > 0 && { volumes: shown.map(v1Volume) }),
      ...(nodeSelector?.accelerator && {
        nodeSelector: { [`${RUN}/accelerator`]: nodeSelector.accelerator },
      }),
    },
  };
}

function annotationsOf({
  annotations,
  scaling,
  containers,
  volumes = [],
  vpcAccess = {},
  ...rest
}: Template) {
  const main = containers.find(({ ports = [] }) => ports.length > 0)?.resources;
  const sql = volumes.flatMap(({ cloudSqlInstance }) => cloudSqlInstance?.instances ?? []);
  const needs = containers.flatMap(({ name, dependsOn = [] }) =>
    dependsOn.length > 0 ? [[name, dependsOn]] : [],
  );
  const { connector, egress, networkInterfaces } = vpcAccess;
  const said = {
    'autoscaling.knative.dev/minScale': scaling.minInstanceCount || undefined,
    'autoscaling.knative.dev/maxScale': scaling.maxInstanceCount,
    [`${RUN}/cpu-throttling`]: main && !main.cpuIdle ? false : undefined,
    [`${RUN}/startup-cpu-boost`]: main?.startupCpuBoost || undefined,
    [`${RUN}/sessionAffinity`]: rest.sessionAffinity || undefined,
    [`${RUN}/execution-environment`]: rest.executionEnvironment?.replace(/.*_/, '').toLowerCase(),
    [`${RUN}/encryption-key`]: rest.encryptionKey,
    [`${RUN}/health-check-disabled`]: rest.healthCheckDisabled || undefined,
    [`${RUN}/cloudsql-instances`]: sql.length > 0 ? sql.join(',') : undefined,
    [`${RUN}/vpc-access-connector`]: connector,
    [`${RUN}/vpc-access-egress`]: egress?.toLowerCase().replaceAll('_', '-'),
    [`${RUN}/network-interfaces`]: networkInterfaces && JSON.stringify(networkInterfaces),
    [`${RUN}/container-dependencies`]:
      needs.length > 0 ? JSON.stringify(Object.fromEntries(needs)) : undefined,
  };
  return { ...annotations, ...texts(said) };
}

function v1Container(container: Container, volumes: readonly Volume[]): Record<string, unknown> {
  const { env = [], resources, volumeMounts = [], dependsOn: _, ...rest } = container;
  const sql = new Set(volumes.filter(({ cloudSqlInstance }) => cloudSqlInstance).map(({ name }) => name));
  const mounts = volumeMounts.filter(({ name }) => !sql.has(name));
  return {
    ...rest,
    ...(env.length > 0 && {
      env: env.map(({ name, value, valueSource }) => {
        const { secret, version } = valueSource?.secretKeyRef ?? {};
        return secret
          ? { name, valueFrom: { secretKeyRef: { name: secret, key: version ?? 'latest' } } }
          : { name, ...(value !== undefined && { value }) };
      }),
    }),
    resources: { limits: resources.limits },
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  };
}

function v1Volume({ name, secret, emptyDir, gcs, nfs }: Volume): Record<string, unknown> {
  if (secret) {
    const { secret: secretName, items, ...modes } = secret;
    const files = items?.map(({ version = 'latest', ...item }) => ({ key: version, ...item }));
    return { name, secret: { secretName, ...modes, ...(files && { items: files }) } };
  }
  if (emptyDir) {
    const { medium, ...size } = emptyDir;
    return { name, emptyDir: { ...(medium === 'MEMORY' && { medium: 'Memory' }), ...size } };
  }
  if (gcs)
    return {
      name,
      csi: {
        driver: 'gcsfuse.run.googleapis.com',
        ...(gcs.readOnly && { readOnly: true }),
        volumeAttributes: { bucketName: gcs.bucket },
      },
    };
  return { name, nfs };
}
