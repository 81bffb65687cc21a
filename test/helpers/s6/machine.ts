import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { initScript } from './init.ts';
import { readTree } from './tree.ts';

export interface MachineOptions {
  /** The image's own files, over this system's. */
  readonly rootfs: string;
  /** More files of the image: executable scripts by their path. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What the machine is told to run; by default what its image says. */
  readonly command?: readonly string[];
  /** Folders of this system, by where the machine has them. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** A machine as Fly.io starts it: the entrypoint is a child of PID 1, on the root of an image. */
export interface Machine extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Both streams so far. */
  readonly output: () => string;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Path of a file in the machine, on this system. */
  path(inside: string): string;
  /** Waits until a text is in the output. */
  said(text: string): Promise<void>;
}

/** Starts a machine in mount and PID namespaces, on an overlay over this system's root that goes with it. Needs root. */
export async function startMachine({
  rootfs,
  scripts,
  env = {},
  command = [],
  mounts = {},
}: MachineOptions): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-machine-'));
  const files = join(folder, 'files');
  await mkdir(join(folder, 'layer'));
  await cp(rootfs, files, { recursive: true });
  await mkdir(join(files, 'command'), { recursive: true });
  const all = {
    '/init': initScript(readTree(rootfs)),
    '/command/with-contenv': '#!/bin/sh\nexec s6-envdir -fn -- /run/s6/container_environment "$@"\n',
    ...scripts,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(join(files, path, '..'), { recursive: true });
    await writeFile(join(files, path), text, { mode: 0o755 });
  }
  const lines = Object.entries(mounts).map(([inside, outside]) => `${inside} ${outside}\n`);
  await writeFile(join(folder, 'mounts'), lines.join(''));
  const child = spawn('unshare', ['--mount', '--', 'sh', '-euc', SETUP, 'sh', folder, ...command], {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  return {
    process: child,
    output: () => output,
    exited,
    path: (inside) => join(`/proc/${child.pid}/root`, inside),
    async said(text) {
      for (let tries = 0; !output.includes(text); tries++) {
        if (tries > 200 || child.exitCode !== null)
          throw new Error(`It never said "${text}", but:\n${output}`);
        await sleep(50);
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) {
        // PID 1 of the namespace takes the rest with it.
        await killInside(child.pid ?? 0);
        child.kill('SIGKILL');
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends what runs in the PID namespace below a process. */
async function killInside(pid: number): Promise<void> {
  const children = async (of: number | string) =>
    (await readFile(`/proc/${of}/task/${of}/children`, 'utf8').catch(() => ''))
      .trim()
      .split(/\s+/)
      .filter(Boolean);
  for (const outside of await children(pid))
    for (const inside of await children(outside)) process.kill(Number(inside), 'SIGKILL');
}

/** The root: a writable layer in memory over this system, the image's files in it, and a /run of its own. */
const SETUP = `folder=$1
shift
mount -t tmpfs -o mode=0755 tmpfs "$folder/layer"
cd "$folder/layer"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
cp -a ../files/. root/
mount -t tmpfs -o mode=0755 tmpfs root/run
mount -t proc proc root/proc
mount --rbind /dev root/dev
while read -r inside outside; do
  mkdir -p "root$inside"
  mount --bind "$outside" "root$inside"
done < ../mounts
echo 'app:x:990:990::/app:/bin/sh' >> root/etc/passwd
echo 'app:x:990:' >> root/etc/group
exec chroot root /usr/local/bin/fly-entrypoint "$@"
`;
