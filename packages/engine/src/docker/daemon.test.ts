import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { find, run } from '../machine/command.ts';
import { joinDaemon } from './daemon.ts';

// needs: engine

const able =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  ['dockerd', 'docker', 'ip'].every((name) => find(name).length > 0);
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'engine-test-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});

describe.runIf(able)('a private daemon', () => {
  it('serves until its last user leaves, and leaves nothing', { timeout: 60_000 }, async () => {
    const [first, second] = await Promise.all([joinDaemon(() => {}), joinDaemon(() => {})]);
    expect(second.host).toBe(first.host);
    const [docker = 'docker'] = find('docker');
    const version = () => run(docker, ['--host', first.host, 'version', '--format', '{{.Server.Version}}']);
    await first.leave();
    await first.leave();
    expect(await version()).toMatch(/^\d+\.\d+/);
    await second.leave();
    await expect(version()).rejects.toThrow();
    await expect(access(first.host.replace(/^unix:\/\/(.*)\/docker\.sock$/, '$1'))).rejects.toThrow('ENOENT');
    expect(await ip('link')).not.toContain(first.host.replace(/.*gangway-(\w+).*/, 'gw-$1'));
  });

  it('comes up after one that was killed, and gives no container an address of another', {
    timeout: 90_000,
  }, async () => {
    const pidOf = async (host: string) =>
      Number(await readFile(host.replace(/^unix:\/\/(.*)\.sock$/, '$1.pid'), 'utf8'));
    const killed = await joinDaemon(() => {});
    process.kill(await pidOf(killed.host), 'SIGKILL');
    const left = await bridgeOf(killed.host);
    expect(left.address).toMatch(/^10\.219\./);
    await killed.leave();
    // As after a restart of everything but the network.
    await ip('link', 'add', 'name', left.name, 'type', 'bridge');
    await ip('address', 'add', left.address, 'dev', left.name);
    const other = join(cache, 'other');
    vi.stubEnv('XDG_CACHE_HOME', other);
    const second = await joinDaemon(() => {});
    expect(await ip('link')).not.toContain(left.name);
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const again = await joinDaemon(() => {});
    expect((await bridgeOf(again.host)).address).not.toBe((await bridgeOf(second.host)).address);
    await again.leave();
    vi.stubEnv('XDG_CACHE_HOME', other);
    await second.leave();
    const [iptables = 'iptables'] = find('iptables');
    expect(await run(iptables, ['--list-rules'])).not.toContain(left.name);
  });
});

async function bridgeOf(host: string): Promise<{ name: string; address: string }> {
  const name = host.replace(/.*gangway-(\w+).*/, 'gw-$1');
  const [, address = ''] = /inet (\S+)/.exec(await ip('address', 'show', 'dev', name)) ?? [];
  return { name, address };
}

function ip(...args: string[]): Promise<string> {
  return run(find('ip')[0] ?? 'ip', args);
}
