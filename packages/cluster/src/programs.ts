import { find } from '@gangway/engine';

const PROGRAMS = [
  ...(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubelet', 'kube-proxy'] as const),
  ...(['cni-ptp', 'cni-loopback', 'cni-portmap', 'cni-host-local'] as const),
] as const;
/** Debian's packages bring these. */
const TOOLS = ['openssl', 'unshare', 'nsenter', 'ip', 'busybox', 'tar'];

/** What this machine lacks for a cluster; undefined where it has all. */
export function lackingForCluster(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not root on Linux';
  const name = [...TOOLS, ...PROGRAMS].find((program) => find(program).length === 0);
  return name && `no ${name}`;
}

/** Path of a part of Kubernetes. */
export function programOf(name: (typeof PROGRAMS)[number]): string {
  return find(name)[0] ?? name;
}
