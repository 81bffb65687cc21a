import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';

/**
 * Sees to dockerd, and what it needs to give containers a network. Rejects with what to install where it can't.
 *
 * @param install whether packages may be installed
 */
export async function installDocker(onProgress: (line: string) => void, install: boolean): Promise<void> {
  const missing = missingPackages();
  if (!isRootOnLinux() || (missing.length > 0 && !install)) {
    throw new Error(
      'No Docker engine answers. Install and start Docker (https://docs.docker.com/engine/install/), or set DOCKER_HOST to one that runs.',
    );
  }
  await installPackages([...new Set(missing)], onProgress);
}

/** Whether a private engine can be started without an installation. */
export function canStartPrivate(): boolean {
  return isRootOnLinux() && missingPackages().length === 0;
}

function isRootOnLinux(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

function missingPackages(): string[] {
  return Object.entries({ dockerd: 'docker.io', docker: 'docker.io', iptables: 'iptables', ip: 'iproute2' })
    .filter(([command]) => find(command).length === 0)
    .map(([, name]) => name);
}

/**
 * Installs Debian packages that are missing, without starting the services they bring.
 * Rejects where there is no apt-get, or with what apt-get said.
 */
export async function installPackages(
  names: readonly string[],
  onProgress: (line: string) => void,
): Promise<void> {
  if (names.length === 0) return;
  const [apt] = find('apt-get');
  if (!apt || process.getuid?.() !== 0) {
    throw new Error(`Missing: ${names.join(', ')}. Install with your system's package manager, as root.`);
  }
  onProgress(`Installing ${names.join(', ')} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await locked('apt', () =>
    withoutServices(async () => {
      const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...names];
      // Once a process: what is installed after a minute is in the same lists.
      if (!updated) await run(apt, ['update', '-q'], { env });
      updated = true;
      await run(apt, install, { env });
    }),
  );
}

let updated = false;

/** Debian's policy-rc.d keeps package scripts from starting daemons; ours stands only while packages install. */
async function withoutServices(action: () => Promise<void>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return action();
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await action();
  } finally {
    await rm(policy, { force: true });
  }
}
