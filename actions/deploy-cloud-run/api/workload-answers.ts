import { fields, flag, list, map, number, object, type Reader, text } from '@gangway/http';
import type { Container, EnvVar, Probe, Volume, VpcAccess, Workload } from './resources.ts';

type Resources = NonNullable<Container['resources']>;
type Port = NonNullable<Container['ports']>[number];
type Mount = NonNullable<Container['volumeMounts']>[number];
type Reference = NonNullable<NonNullable<EnvVar['valueSource']>['secretKeyRef']>;
type HttpGet = NonNullable<Probe['httpGet']>;
type Header = NonNullable<HttpGet['httpHeaders']>[number];
type Grpc = NonNullable<Probe['grpc']>;
type Secret = NonNullable<Volume['secret']>;
type Item = NonNullable<Secret['items']>[number];
type Network = NonNullable<VpcAccess['networkInterfaces']>[number];
type Gcs = NonNullable<Volume['gcs']>;
type Nfs = NonNullable<Volume['nfs']>;

export const TEXTS = list(text);
export const LABELS = map(text);

const ENV: Reader<EnvVar> = fields<EnvVar>(
  {
    name: text,
    value: text,
    valueSource: fields<NonNullable<EnvVar['valueSource']>>({
      secretKeyRef: fields<Reference>({ secret: text, version: text }, 'secret'),
    }),
  },
  'name',
);

const PROBE = fields<Probe>({
  initialDelaySeconds: number,
  timeoutSeconds: number,
  periodSeconds: number,
  failureThreshold: number,
  httpGet: fields<HttpGet>({
    path: text,
    port: number,
    httpHeaders: list(fields<Header>({ name: text, value: text }, 'name')),
  }),
  tcpSocket: fields<{ port?: number }>({ port: number }),
  grpc: fields<Grpc>({ port: number, service: text }),
});

const CONTAINER = fields<Container>({
  name: text,
  image: text,
  command: TEXTS,
  args: TEXTS,
  workingDir: text,
  env: list(ENV),
  ports: list(fields<Port>({ name: text, containerPort: number })),
  resources: fields<Resources>({ limits: LABELS, cpuIdle: flag, startupCpuBoost: flag }),
  startupProbe: PROBE,
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  volumeMounts: list(fields<Mount>({ name: text, mountPath: text, subPath: text }, 'name', 'mountPath')),
  dependsOn: TEXTS,
  baseImageUri: text,
  sandboxLauncher: flag,
});

const VOLUME = fields<Volume>(
  {
    name: text,
    secret: fields<Secret>(
      {
        secret: text,
        items: list(fields<Item>({ path: text, version: text, mode: number }, 'path')),
        defaultMode: number,
      },
      'secret',
    ),
    cloudSqlInstance: fields<{ instances?: readonly string[] }>({ instances: TEXTS }),
    emptyDir: fields<NonNullable<Volume['emptyDir']>>({ medium: text, sizeLimit: text }),
    gcs: fields<Gcs>({ bucket: text, readOnly: flag, mountOptions: TEXTS }, 'bucket'),
    nfs: fields<Nfs>({ server: text, path: text, readOnly: flag }, 'server'),
    filestore: fields<{ volume?: string }>({ volume: text }),
  },
  'name',
);

/** What services, jobs and worker pools run. */
export const WORKLOAD = {
  serviceAccount: text,
  containers: list(CONTAINER),
  volumes: list(VOLUME),
  vpcAccess: fields<VpcAccess>({
    connector: text,
    egress: text,
    networkInterfaces: list(fields<Network>({ network: text, subnetwork: text, tags: TEXTS })),
  }),
  executionEnvironment: text,
  encryptionKey: text,
  nodeSelector: fields<NonNullable<Workload['nodeSelector']>>({ accelerator: text }),
  timeout: text,
  sandboxes: object,
};
