import { constants } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programOf } from '../programs.ts';
import type { Segment } from './segment.ts';

/** Port of {@link Segment.cloud} at which the metadata server listens, as on Kubernetes Engine. */
export const METADATA_PORT = 988;
/** Where programs look for it (https://cloud.google.com/compute/docs/metadata/querying-metadata). */
export const METADATA_ADDRESS = '169.254.169.254';

/** Plugins by the names that containerd has for them. */
const PLUGINS = {
  ptp: 'cni-ptp',
  loopback: 'cni-loopback',
  portmap: 'cni-portmap',
  'host-local': 'cni-host-local',
} as const;

/**
 * Writes what has containerd give each pod a network, as on Kubernetes Engine: an interface and an address of its own by the plugins ptp and
 * host-local, and its host ports at the node by portmap.
 *
 * @param runs the directory that is the node's /run
 * @returns what goes into containerd's configuration
 * @see https://www.cni.dev/plugins/current/main/ptp/
 */
export async function writePodNetwork(runs: string, { pods }: Segment): Promise<string> {
  const [programs, configuration] = [join(runs, 'cni/bin'), join(runs, 'cni/net.d')];
  await mkdir(programs, { recursive: true });
  await mkdir(configuration, { recursive: true });
  for (const [name, program] of Object.entries(PLUGINS))
    await copyFile(programOf(program), join(programs, name), constants.COPYFILE_FICLONE);
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: pods }]],
    routes: [{ dst: '0.0.0.0/0' }],
    dataDir: '/run/cni/addresses',
  };
  const pod = { type: 'ptp', ipMasq: false, mtu: 1500, ipam };
  const ports = { type: 'portmap', capabilities: { portMappings: true } };
  const list = { cniVersion: '1.0.0', name: 'pods', plugins: [pod, ports] };
  await writeFile(join(configuration, '10-pods.conflist'), JSON.stringify(list));
  return `[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/run/cni/bin"
  conf_dir = "/run/cni/net.d"
`;
}

/**
 * Shell that links the network namespace that it runs in with this machine's. The link is gone as soon as the namespace is.
 *
 * @see https://man7.org/linux/man-pages/man4/veth.4.html
 */
export function linkScript({ link, machine, cloud, node, bits, services, pods }: Segment): string {
  const outside = `nsenter --net=/proc/${process.pid}/ns/net ip`;
  return `set -e
ip link set lo up
ip link add eth0 type veth peer name ${link} netns /proc/${process.pid}/ns/net
ip address add ${node}/${bits} dev eth0
ip link set eth0 up
${outside} address add ${machine}/${bits} dev ${link}
${outside} address add ${cloud}/${bits} dev ${link}
${outside} link set ${link} up
for range in ${services} ${pods}; do ${outside} route add $range via ${node} dev ${link}; done
# What is sent to a Service or to the metadata server is led elsewhere before it leaves, but only where it could leave.
ip route add ${services} dev eth0
ip route add ${METADATA_ADDRESS} via ${cloud} dev eth0
echo 1 >/proc/sys/net/ipv4/ip_forward
# Who is refused learns it at once, also the second one within a second.
echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
`;
}

/** Shell of the node, after it has its own root: leads to the metadata server, and starts kube-proxy. */
export function nodeNetworkScript({ cloud, pods }: Segment, node: string, kubeconfig: string): string {
  const proxy = [
    ...[`--kubeconfig=${kubeconfig}`, `--hostname-override=${node}`, '--proxy-mode=iptables'],
    ...['--detect-local-mode=ClusterCIDR', `--cluster-cidr=${pods}`, '--iptables-min-sync-period=0s'],
    // They are the whole machine's.
    ...['--conntrack-max-per-core=0', '--conntrack-min=0'],
    ...['--conntrack-tcp-timeout-established=0s', '--conntrack-tcp-timeout-close-wait=0s'],
  ];
  return `echo 'nameserver ${cloud}' >/etc/resolv.conf
for chain in PREROUTING OUTPUT; do
  iptables --wait --table nat --append $chain --destination ${METADATA_ADDRESS} --protocol tcp --dport 80 \\
    --jump DNAT --to-destination ${cloud}:${METADATA_PORT}
done
chmod +x /run/kube-proxy-program
/run/kube-proxy-program ${proxy.join(' ')} &
`;
}
