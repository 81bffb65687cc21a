import { find, run } from './command.ts';
import { locked } from './lock.ts';

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

/** Removes the bridge if it is there. */
export async function removeBridge(name: string): Promise<void> {
  await ip('link', 'delete', name).catch(() => undefined);
}

function ip(...args: string[]): Promise<string> {
  return run(find('ip')[0] ?? 'ip', args);
}
