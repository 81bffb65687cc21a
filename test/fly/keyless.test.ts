import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { find } from '@gangway/engine';
import { ExternalAccountClient } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FlyMachine, startFlyMachine } from '../helpers/fly/fly-machine.ts';
import { startMachine } from '../helpers/s6/machine.ts';

// some tests need: s6, elixir

const example = fileURLToPath(new URL('../../examples/phoenix-on-fly', import.meta.url));
const rootfs = join(example, 'rootfs');
const TOKEN_SCRIPT = join(rootfs, 'usr/local/bin/fly-oidc-token');
const FIVE_MINUTES = 5 * 60_000;
/** Two hours in steps of five minutes, and one more: past the second end of an hour's token. */
const STEPS = 25;

/** Google's library, its clock the local cloud's. */
async function client(path: string) {
  const made = ExternalAccountClient.fromJSON(JSON.parse(await readFile(path, 'utf8')));
  if (!made) throw new Error('The library does not know this configuration.');
  made.scopes = ['https://www.googleapis.com/auth/cloud-platform'];
  return made;
}

describe('Google from a machine of Fly.io, without a key, over two hours', () => {
  let machine: FlyMachine;
  beforeEach(async () => {
    machine = await startFlyMachine();
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    await machine[Symbol.asyncDispose]();
  });

  const passFiveMinutes = () => {
    machine.clock.advance(FIVE_MINUTES);
    vi.setSystemTime(machine.clock.now());
  };

  it("by Google's library and an executable source", async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: machine.clock.now() });
    vi.stubEnv('GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES', '1');
    vi.stubEnv('FLY_API_SOCKET', join(machine.fly, 'api'));
    const source = { executable: { command: TOKEN_SCRIPT, timeout_millis: 10_000 } };
    const google = await client(await machine.configuration(source));
    for (let step = 0; step < STEPS; step++, passFiveMinutes())
      await machine.call((await google.getAccessToken()).token ?? '');
    expect(machine.exchanges()).toBe(3);
  });

  it.each(['curl', 'python3', 'node'])('with %s alone in the image', async (tool) => {
    const bin = await mkdtemp(join(tmpdir(), 'gangway-bin-'));
    try {
      // The system's own: one that a version manager puts first is a script that needs more.
      const path = find(tool).at(-1);
      if (!path) throw new Error(`${tool} is not here`);
      await writeFile(join(bin, tool), `#!/bin/sh\nexec ${path} "$@"\n`);
      await chmod(join(bin, tool), 0o755);
      const { stdout, code } = await output('/bin/sh', [TOKEN_SCRIPT, 'https://example.com/audience'], {
        PATH: bin,
        FLY_API_SOCKET: join(machine.fly, 'api'),
      });
      expect(code).toBe(0);
      const [, claims = ''] = stdout.split('.');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
        aud: 'https://example.com/audience',
        app_name: 'vertex-phoenix',
      });
      const dead = { PATH: bin, FLY_API_SOCKET: join(machine.fly, 'gone') };
      expect((await output('/bin/sh', [TOKEN_SCRIPT, 'https://example.com'], dead)).code).not.toBe(0);
    } finally {
      await rm(bin, { recursive: true });
    }
  });

  it('tells a library that there is no token, in the words it understands', async () => {
    const { stdout, code } = await output('/bin/sh', [TOKEN_SCRIPT], {
      PATH: process.env.PATH ?? '',
      FLY_API_SOCKET: join(machine.fly, 'gone'),
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, success: false, code: 'fly-oidc' });
  });

  const s6 = process.getuid?.() === 0 && find('s6-svscan').length > 0;
  it.skipIf(!s6)("by Google's library and the refresher under s6 (needs root, s6 and execline)", async () => {
    const path = await machine.configuration({ file: '/run/fly-oidc/token' });
    const kept = await mkdtemp(join(tmpdir(), 'gangway-token-'));
    const token = join(kept, 'token');
    await using running = await startMachine({
      rootfs,
      mounts: { '/.fly': machine.fly, '/run/fly-oidc': kept },
      scripts: {
        '/etc/google.json': await readFile(path, 'utf8'),
        '/app/bin/migrate': '#!/bin/sh\n',
        '/app/bin/server':
          '#!/bin/sh\ncat /run/fly-oidc/token > /dev/null && echo has the token\nexec sleep 600\n',
      },
      env: { GOOGLE_APPLICATION_CREDENTIALS: '/etc/google.json', FLY_OIDC_INTERVAL: '0.2' },
    });
    await running.said('has the token');
    vi.useFakeTimers({ toFake: ['Date'], now: machine.clock.now() });
    // On this side of the machine's wall the file has another name.
    const google = await client(await machine.configuration({ file: token }));
    for (let step = 0; step < STEPS; step++, passFiveMinutes()) {
      await machine.call((await google.getAccessToken()).token ?? '');
      await fresh(token, machine.clock.now() + FIVE_MINUTES);
    }
    expect(machine.exchanges()).toBe(3);
    // Some libraries read it as it is.
    expect(await readFile(token, 'utf8')).not.toMatch(/\s/);
    expect((await stat(token)).mode & 0o777).toBe(0o600);
    expect((await stat(token)).uid).toBe(990);
    await running[Symbol.asyncDispose]();
    await rm(kept, { recursive: true });

    /** Waits for a token that is still good in a while: the refresher's own time runs on while the test's stands. */
    async function fresh(file: string, at: number): Promise<void> {
      for (let tries = 0; tries < 100; tries++, await sleep(50)) {
        const [, claims = ''] = (await readFile(file, 'utf8')).split('.');
        if (JSON.parse(Buffer.from(claims, 'base64url').toString()).exp * 1000 > at) return;
      }
      throw new Error('The token was not made anew.');
    }
  });

  it.skipIf(find('elixir').length === 0)("by Goth's own HTTP client hook (needs elixir)", async () => {
    const path = await machine.configuration({ file: '/nowhere' });
    const asked = spawn(
      'elixir',
      [join(example, '../../test/fly/goth.exs'), join(example, 'lib/vertex_phoenix/fly_identity.ex')],
      {
        env: {
          PATH: process.env.PATH,
          HOME: tmpdir(),
          GOOGLE_APPLICATION_CREDENTIALS: path,
          FLY_API_SOCKET: join(machine.fly, 'api'),
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const lines = createInterface(asked.stdout)[Symbol.asyncIterator]();
    try {
      for (let hour = 0; hour < 3; hour++) {
        asked.stdin.write('token\n');
        const { value } = await lines.next();
        expect(value).toMatch(/^ok /);
        await machine.call(String(value).slice(3));
        for (let step = 0; step < 12; step++) machine.clock.advance(FIVE_MINUTES);
      }
    } finally {
      asked.stdin.end();
    }
    expect(machine.exchanges()).toBe(3);
  });
});

function output(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ stdout: string; code: number | null }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('close', (code) => resolve({ stdout, code }));
  });
}
