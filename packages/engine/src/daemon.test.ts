import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { find, run } from './command.ts';
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
    expect(await run(find('ip')[0] ?? 'ip', ['link'])).not.toContain(
      first.host.replace(/.*gangway-(\w+).*/, 'gw-$1'),
    );
  });
});
