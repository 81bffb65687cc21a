import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';

/**
 * Makes a bridge on a private network that no route of this machine leads to, and returns its name.
 * A daemon needs its own: two on docker0 give the same address to two containers.
 */
export async function addBridge(name: string): Promise<string> {
  await removeBridge(name);
  // Nobody else may take the network between the look at the routes and the one that is added to them.
  return locked('bridge', async () => {
    const routes = await ip('route');
    const subnet = [...Array(255).keys()]
      .map((n) => `10.219.${n}`)
      .find((prefix) => !routes.includes(`${prefix}.`));
    await ip('link', 'add', 'name', name, 'type', 'bridge');
    await ip('address', 'add', `${subnet}.1/24`, 'dev', name);
    await ip('link', 'set', name, 'up');
    return name;
  });
}

/**
 * Makes a bridge that is named by this process, and removes those of processes that have ended without.
 *
 * @param prefix of at most three letters: a link's name may have 15 bytes
 */
export async function addProcessBridge(prefix: string): Promise<string> {
  for (const name of await readdir('/sys/class/net')) {
    const [, pid] = new RegExp(`^${prefix}-(\\d+)-\\d+$`).exec(name) ?? [];
    if (pid && !existsSync(`/proc/${pid}`)) await removeBridge(name);
  }
  count += 1;
  return addBridge(`${prefix}-${process.pid}-${count}`);
}

let count = 0;

/**
 * Removes the bridge if it is there, and the rules that dockerd made for it: dockerd leaves them, and a later bridge on
 * the same network would be under both.
 */
export async function removeBridge(name: string): Promise<void> {
  await ip('link', 'delete', name).catch(() => undefined);
  const [iptables] = find('iptables');
  if (!iptables) return;
  for (const table of ['filter', 'nat']) {
    const rules = await run(iptables, ['--wait', '--table', table, '--list-rules']).catch(() => '');
    for (const rule of rules.split('\n')) {
      const [command, ...rest] = rule.split(' ');
      if (command !== '-A' || !rest.includes(name)) continue;
      // No value of dockerd's has a space.
      await run(iptables, ['--wait', '--table', table, '--delete', ...rest]).catch(() => undefined);
    }
  }
}

function ip(...args: string[]): Promise<string> {
  return run(find('ip')[0] ?? 'ip', args);
}
