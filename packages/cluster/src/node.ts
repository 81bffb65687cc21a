import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { find, writeImage } from '@gangway/engine';
import { linkScript, nodeNetworkScript, writePodNetwork } from './network/node-network.ts';
import type { Segment } from './network/segment.ts';
import { NODE } from './node-name.ts';
import { HOSTS_DIRECTORY, type NodeRegistry, writeNodeRegistry } from './node-registry.ts';
import { freePort } from './port.ts';
import { type Process, startProcess } from './process.ts';
import { programOf } from './programs.ts';

/** What holds the namespaces of a pod. */
const SANDBOX_IMAGE = 'localhost:9/gangway/sandbox:1';

interface NodeOptions {
  /** A Debian with containerd and runc, which is left as it is. */
  readonly root: string;
  /** Directory that is the node's /run, with `kubeconfig`, `tls.key` and `tls.crt` in it. */
  readonly runs: string;
  /** Paths of Docker archives. */
  readonly images: readonly string[];
  readonly registry: NodeRegistry | undefined;
  /** The addresses of a node whose pods have a network of their own; undefined for one in the machine's network. */
  readonly segment: Segment | undefined;
}

/**
 * Starts containerd and a kubelet in mount and PID namespaces of their own, so that all of their mounts and processes end
 * with them.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
 */
export async function startNode({ root, runs, images, registry, segment }: NodeOptions): Promise<Process> {
  await mkdir(join(runs, 'images'));
  const copy = (from: string, to: string) => copyFile(from, join(runs, to), constants.COPYFILE_FICLONE);
  await copy(programOf('kubelet'), 'kubelet-program');
  await writeSandboxImage(join(runs, 'images/sandbox.tar'));
  for (const [index, image] of images.entries()) await copy(image, `images/${index}.tar`);
  if (segment) await copy(programOf('kube-proxy'), 'kube-proxy-program');
  const network = segment ? await writePodNetwork(runs, segment) : '';
  await writeFile(join(runs, 'containerd.toml'), `${CONTAINERD}${network}`);
  const place = segment ? ownNetwork(segment) : { address: '127.0.0.1', port: await freePort() };
  await writeFile(join(runs, 'kubelet.json'), JSON.stringify({ ...KUBELET, ...place }));
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--propagation=private'];
  const flags = registry ? await writeNodeRegistry(runs, registry) : [];
  const script = ['sh', '-c', scriptOf(segment), 'sh', root, runs, ...flags];
  return startProcess(
    find('unshare')[0] ?? 'unshare',
    [...namespaces, ...(segment ? ['--net'] : []), ...script],
    join(runs, 'log'),
    // unshare passes no other signal on.
    'SIGKILL',
    removeControlGroups,
  );
}

function writeSandboxImage(path: string): Promise<void> {
  const files = new Map([['/busybox', find('busybox')[0] ?? 'busybox']]);
  return writeImage(path, SANDBOX_IMAGE, { files, entrypoint: ['/busybox', 'sleep', '2147483647'] });
}

/** Its first process: mounts what it needs into the root, and starts the daemons there. */
function scriptOf(segment: Segment | undefined): string {
  const kubeconfig = '/run/node-kubeconfig';
  return `set -e
${segment ? linkScript(segment) : ''}lower=$1 runs=$2 root=$2/root
shift 2
mkdir "$root" "$runs/changes" "$runs/work"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$runs/changes,workdir=$runs/work" "$root"
mount -t proc proc "$root/proc"
for name in sys dev; do mount --rbind "/$name" "$root/$name"; done
mount --bind "$runs" "$root/run"
# A kubelet sets these for the whole machine. It is shown that they are as it wants them.
shown() {
  echo "$2" >"$runs/shown-$3"
  mount --bind "$runs/shown-$3" "$root/proc/sys/$1"
}
shown vm/overcommit_memory 1 1
shown vm/panic_on_oom 0 2
shown kernel/panic 10 3
shown kernel/panic_on_oops 1 4
shown kernel/keys/root_maxkeys 1000000 5
shown kernel/keys/root_maxbytes 25000000 6
cd "$root"
pivot_root . .
umount --lazy .
mount --make-rshared /
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
containerd --config /run/containerd.toml &
until ctr version >/dev/null 2>&1; do sleep 0.1; done
for image in /run/images/*.tar; do ctr --namespace k8s.io images import "$image"; done
rm -r /run/images
${segment ? nodeNetworkScript(segment, NODE, kubeconfig) : ''}chmod +x /run/kubelet-program
/run/kubelet-program --config=/run/kubelet.json --kubeconfig=${kubeconfig} --hostname-override=${NODE} \\
  --node-ip=${segment?.node ?? '192.0.2.2'} --root-dir=/run/kubelet "$@" &
wait
`;
}

/** Without what a machine of few rights can't give: lower scores for the OOM killer, AppArmor, huge pages. */
const CONTAINERD = `version = 2
root = "/run/containerd-root"
state = "/run/containerd"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${SANDBOX_IMAGE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  disable_hugetlb_controller = true
  tolerate_missing_hugetlb_controller = true
  stream_server_address = "127.0.0.1"
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "${HOSTS_DIRECTORY}"
`;

const KUBELET = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  healthzPort: 0,
  ...{ tlsCertFile: '/run/tls.crt', tlsPrivateKeyFile: '/run/tls.key' },
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: false },
    x509: { clientCAFile: '/run/tls.crt' },
  },
  authorization: { mode: 'AlwaysAllow' },
  containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
  ...{ cgroupDriver: 'cgroupfs', cgroupsPerQOS: false, enforceNodeAllocatable: [], failCgroupV1: false },
  // It goes on without what a sandbox does not let it set.
  featureGates: { KubeletInUserNamespace: true },
  ...{ failSwapOn: false, oomScoreAdj: 0, maxOpenFiles: 20_000 },
  ...{ makeIPTablesUtilChains: false, localStorageCapacityIsolation: false },
  // A disk that is nearly full is the machine's affair.
  evictionHard: {
    'memory.available': '0%',
    'nodefs.available': '0%',
    'nodefs.inodesFree': '0%',
    'imagefs.available': '0%',
  },
  imageGCHighThresholdPercent: 100,
  volumePluginDir: '/run/volume-plugins',
};

/** What a kubelet is told that has an address of its own. */
function ownNetwork({ node, cloud }: Segment): object {
  return { address: node, port: 10_250, clusterDNS: [cloud], clusterDomain: 'cluster.local' };
}

/** Containers that were killed leave theirs behind, empty as soon as the last process is gone. */
async function removeControlGroups(): Promise<void> {
  const mounts = '/sys/fs/cgroup';
  const hierarchies = [mounts, ...(await readdir(mounts)).map((name) => join(mounts, name))];
  for (const deadline = Date.now() + 5000; Date.now() < deadline; await sleep(50)) {
    const removed = await Promise.all(hierarchies.map((hierarchy) => removeGroup(join(hierarchy, 'k8s.io'))));
    if (removed.every(Boolean)) return;
  }
}

/** @returns whether it is gone; a group that something is in stays */
async function removeGroup(path: string): Promise<boolean> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return true;
  for (const entry of entries) if (entry.isDirectory()) await removeGroup(join(path, entry.name));
  return rmdir(path).then(
    () => true,
    () => false,
  );
}
