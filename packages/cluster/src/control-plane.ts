import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
}

/** Starts etcd, the API server, and the controllers that make pods of deployments. */
export async function startControlPlane({
  directory,
  server,
  key,
  certificate,
  tokens,
  kubeconfig,
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
    ...['--bind-address=127.0.0.1', `--secure-port=${new URL(server).port}`],
    // No address of a service is ever used, but it takes none on loopback.
    ...['--advertise-address=192.0.2.1', '--endpoint-reconciler-type=none'],
    '--service-cluster-ip-range=198.51.100.0/24',
    `--etcd-servers=${client}`,
    ...[`--tls-cert-file=${certificate}`, `--tls-private-key-file=${key}`, `--client-ca-file=${certificate}`],
    ...[`--token-auth-file=${tokens}`, '--authorization-mode=RBAC', '--allow-privileged=true'],
    ...['--service-account-issuer=https://kubernetes.default.svc', `--service-account-key-file=${key}`],
    `--service-account-signing-key-file=${key}`,
    ...[`--kubelet-client-certificate=${certificate}`, `--kubelet-client-key=${key}`],
    '--kubelet-preferred-address-types=Hostname',
    // Pods get no token of a service account, so no controller has to make any.
    '--disable-admission-plugins=ServiceAccount',
    '--feature-gates=MutatingAdmissionPolicy=true',
    '--runtime-config=admissionregistration.k8s.io/v1beta1=true',
  ];
  const manager = [
    ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
    '--controllers=deployment-controller,replicaset-controller,garbage-collector-controller',
  ];
  return [
    startProcess(programOf('etcd'), etcd, log('etcd')),
    startProcess(programOf('kube-apiserver'), apiserver, log('apiserver')),
    startProcess(programOf('kube-controller-manager'), manager, log('controller-manager')),
  ];
}
