import { readFile } from 'node:fs/promises';

/** The state of a listening socket (https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html). */
const LISTEN = '0A';

/**
 * Whether something inside a container listens at a port where others can reach it; undefined where that can't be seen: the
 * engine's containers are on another machine, as Docker Desktop's are.
 *
 * @param id of the container, whole
 * @param pid of its first process, as the engine says it
 */
export async function innerListener(id: string, pid: number, port: number): Promise<boolean | undefined> {
  try {
    // Another machine's process numbers are those of strangers here.
    if (!(await readFile(`/proc/${pid}/cgroup`, 'utf8')).includes(id)) return undefined;
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
    );
    return tables.some((table) => isListening(table, port));
  } catch {
    return undefined;
  }
}

/** @param table as /proc/net/tcp has it: a socket a line, its address and port in hexadecimal */
function isListening(table: string, port: number): boolean {
  return table.split('\n').some((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', hex = ''] = local.split(':');
    return state === LISTEN && Number.parseInt(hex, 16) === port && !isLoopback(address);
  });
}

/** Words of four bytes, each with its lowest byte first: 0100007F is 127.0.0.1, and the last word of ::1 is 01000000. */
function isLoopback(address: string): boolean {
  return address.length === 8 ? address.endsWith('7F') : /^0{24}01000000$/.test(address);
}
