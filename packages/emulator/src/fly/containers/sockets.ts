import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Process } from '../machines/run.ts';

type Sockets = Process['listen_sockets'];
const LISTEN = '0A';

/**
 * The TCP sockets that processes of this host listen on, each seen from its own network namespace, by process id
 * (https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html). Nothing where /proc can't be read.
 */
export async function listeningSockets(pids: readonly number[]): Promise<Map<number, Sockets>> {
  const found = await Promise.all(pids.map(async (pid) => [pid, await socketsOf(pid)] as const));
  return new Map(found);
}

async function socketsOf(pid: number): Promise<Sockets> {
  try {
    const [own, v4, v6] = await Promise.all([
      inodesOf(pid),
      readFile(`/proc/${pid}/net/tcp`, 'utf8'),
      readFile(`/proc/${pid}/net/tcp6`, 'utf8').catch(() => ''),
    ]);
    return `${v4}\n${v6}`.split('\n').flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state !== LISTEN || !own.has(inode)) return [];
      const [address = '', port = ''] = local.split(':');
      return [{ proto: 'tcp', address: `${shown(address)}:${Number.parseInt(port, 16)}` }];
    });
  } catch {
    // The process has ended, or is not of this host.
    return [];
  }
}

async function inodesOf(pid: number): Promise<Set<string>> {
  const names = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** The kernel writes an address as words of the machine's byte order. */
function shown(hex: string): string {
  if (hex.length === 8) return Buffer.from(hex, 'hex').reverse().join('.');
  if (/^0+$/.test(hex)) return '[::]';
  return hex === '00000000000000000000000001000000' ? '[::1]' : `[${hex}]`;
}
