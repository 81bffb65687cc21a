/** The state of a listening socket (https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html). */
const LISTEN = '0A';

/** The ports that others can reach in a network. @param tables text of its /proc/net/tcp and /proc/net/tcp6 */
export function listeningPorts(tables: string): ReadonlySet<number> {
  return new Set(
    tables.split('\n').flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      const [address = '', hex = ''] = local.split(':');
      if (state !== LISTEN || isLinkLocal(address)) return [];
      return [Number.parseInt(hex, 16)];
    }),
  );
}

/** Loopback, and the metadata server's address. */
function isLinkLocal(address: string): boolean {
  if (address.length === 8) return address.endsWith('7F') || address.endsWith('FEA9');
  return /^0{24}01000000$/.test(address);
}
