import { type Container, partsOfPort } from './container.ts';

/**
 * Lines that open the machine's own firewall, which drops what is sent to a container on the machine's network. Without ports
 * all is opened, as Google's container startup agent did. Docker itself opens what it publishes.
 *
 * @see https://cloud.google.com/container-optimized-os/docs/how-to/firewall
 */
export function firewallLines({ network, ports = [] }: Container): string[] {
  if (network !== 'host') return [];
  const rules =
    ports.length === 0
      ? ['-p tcp', '-p udp', '-p icmp']
      : ports.map((port) => {
          const { container, protocol } = partsOfPort(port);
          return `-p ${protocol} --dport ${container}`;
        });
  return rules.map(
    (rule) => `iptables -w -C INPUT ${rule} -j ACCEPT 2>/dev/null || iptables -w -A INPUT ${rule} -j ACCEPT`,
  );
}
