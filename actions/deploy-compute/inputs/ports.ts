import { input, invalid } from '@gangway/action';

/**
 * Reads the input `ports`: `HOST_PORT:CONTAINER_PORT`, or one port that is both, with `/udp` for UDP.
 *
 * @returns as the machine keeps them, `80:8080/tcp`; undefined when the input is empty, none for `none`
 */
export function readPorts(): readonly string[] | undefined {
  const items = input.list('ports');
  if (items.length === 0) return undefined;
  if (items.length === 1 && items[0] === 'none') return [];
  const hosts = new Set<string>();
  return items.map((item) => {
    const [, host = '', container = host, protocol = 'tcp'] =
      /^(\d{1,5})(?::(\d{1,5}))?(?:\/(tcp|udp))?$/.exec(item) ?? [];
    if (!isPort(host) || !isPort(container))
      throw invalid(
        'ports',
        item,
        'write HOST_PORT:CONTAINER_PORT such as 80:8080, or 53:53/udp, one per line',
      );
    if (hosts.has(`${host}/${protocol}`))
      throw invalid('ports', item, `port ${host} of the machine is listed twice; keep one`);
    hosts.add(`${host}/${protocol}`);
    return `${Number(host)}:${Number(container)}/${protocol}`;
  });
}

function isPort(text: string): boolean {
  const number = Number(text);
  return number >= 1 && number <= 65535;
}
