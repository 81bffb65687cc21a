import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from './network/segment.ts';
import { freePort } from './port.ts';
import { type Process, startProcess } from './process.ts';
import { programOf } from './programs.ts';

interface ControlPlaneOptions {
  readonly directory: string;
  /** Where the API server is to answer. */
  readonly server: string;
  /** One key and certificate for all: each part knows the others by it. Paths. */
  readonly key: string;
  readonly certificate: string;
  /** Path of the tokens and their users. */
  readonly tokens: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Paths of the policy that says what is written down, and of where it is written. */
  readonly audit: { readonly policy: string; readonly log: string };
  /** Paths of the kubeconfigs of webhooks. */
  readonly authenticate?: string;
  readonly authorize?: string;
  /** Of a cluster whose pods have a network of their own. */
  readonly network?: PlaneNetwork | undefined;
}

interface PlaneNetwork extends Pick<Segment, 'machine' | 'services'> {
  readonly issuer: string;
}

/** What makes pods, and what else becomes of what people apply. */
const CONTROLLERS = [
  ...[
    'deployment',
    'replicaset',
    'statefulset',
    'daemonset',
    'job',
    'cronjob',
    'namespace',
    'garbage-collector',
  ],
  ...['endpointslice', 'endpoints', 'ttl-after-finished'],
].map((name) => `${name}-controller`);

/** What makes the service accounts of namespaces, and the authority that their pods trust. */
const ACCOUNT_CONTROLLERS = ['serviceaccount-controller', 'root-ca-certificate-publisher-controller'];

/** Starts etcd and the API server. */
export async function startControlPlane({
  directory,
  server,
  key,
  certificate,
  tokens,
  audit,
  authenticate,
  authorize,
  network,
}: ControlPlaneOptions): Promise<Process[]> {
  const log = (name: string) => join(directory, `${name}.log`);
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const data = join(directory, 'etcd');
  await mkdir(data, { mode: 0o700 });
  const etcd = [
    `--data-dir=${data}`,
    ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
    ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
    ...[`--initial-cluster=default=${peer}`, '--unsafe-no-fsync'],
  ];
  const apiserver = [
    ...[`--bind-address=${new URL(server).hostname}`, `--secure-port=${new URL(server).port || 443}`],
    ...(network ? networkFlags(network) : HOST_NETWORK),
    `--etcd-servers=${client}`,
    ...[`--tls-cert-file=${certificate}`, `--tls-private-key-file=${key}`, `--client-ca-file=${certificate}`],
    ...[`--token-auth-file=${tokens}`, `--authorization-mode=RBAC${authorize ? ',Webhook' : ''}`],
    ...webhookFlags('authentication-token', authenticate, ['cache-ttl=1s']),
    ...webhookFlags('authorization', authorize, ['cache-authorized-ttl=0s', 'cache-unauthorized-ttl=0s']),
    ...['--allow-privileged=true', `--audit-policy-file=${audit.policy}`, `--audit-log-path=${audit.log}`],
    ...[`--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`],
    ...[`--kubelet-client-certificate=${certificate}`, `--kubelet-client-key=${key}`],
    '--feature-gates=MutatingAdmissionPolicy=true',
    '--runtime-config=admissionregistration.k8s.io/v1beta1=true',
  ];
  return [
    startProcess(programOf('etcd'), etcd, log('etcd')),
    startProcess(programOf('kube-apiserver'), apiserver, log('apiserver')),
  ];
}

/** Starts the controllers that make pods of deployments; they wait no longer than ten seconds for an API server. */
export function startControllers({
  directory,
  kubeconfig,
  certificate,
  network,
}: ControlPlaneOptions): Process {
  const flags = [
    ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
    `--controllers=${[...CONTROLLERS, ...(network ? ACCOUNT_CONTROLLERS : [])].join(',')}`,
    `--root-ca-file=${certificate}`,
  ];
  return startProcess(programOf('kube-controller-manager'), flags, join(directory, 'controller-manager.log'));
}

/** Of a cluster whose pods have the machine's network. */
const HOST_NETWORK = [
  // No address of a service is ever used, but it takes none on loopback.
  ...['--advertise-address=192.0.2.1', '--endpoint-reconciler-type=none'],
  '--service-cluster-ip-range=198.51.100.0/24',
  '--service-account-issuer=https://kubernetes.default.svc',
  '--kubelet-preferred-address-types=Hostname',
  // Pods get no token of a service account, so no controller has to make any.
  '--disable-admission-plugins=ServiceAccount',
];

function networkFlags({ machine, services, issuer }: PlaneNetwork): string[] {
  return [
    ...[`--advertise-address=${machine}`, `--service-cluster-ip-range=${services}`],
    `--service-account-issuer=${issuer}`,
    '--kubelet-preferred-address-types=InternalIP',
  ];
}

function webhookFlags(kind: string, file: string | undefined, more: readonly string[]): string[] {
  if (!file) return [];
  return [`config-file=${file}`, 'version=v1', ...more].map((flag) => `--${kind}-webhook-${flag}`);
}
