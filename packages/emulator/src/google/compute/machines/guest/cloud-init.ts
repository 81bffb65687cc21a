import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Command, readCloudConfig, type User } from './cloud-config.ts';
import type { Shell } from './shell.ts';

/** What cloud-init is given, and where it says what it does. */
export interface CloudInit {
  readonly shell: Shell;
  readonly say: (line: string) => void;
  /** Whether what is done once is yet to be done. */
  readonly isFirst: boolean;
}

/**
 * Carries out the `user-data` of a machine in the order of cloud-init's modules: bootcmd, write_files, users, runcmd. A script runs last.
 *
 * @see https://docs.cloud-init.io/en/latest/explanation/boot.html
 */
export async function carryOut(userData: string, { shell, say, isFirst }: CloudInit): Promise<void> {
  if (userData.startsWith('#!')) {
    if (isFirst) await script(shell, userData, say);
    return;
  }
  if (!/^#cloud-config\b/.test(userData)) {
    say(
      `__init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata: '${userData.slice(0, 24)}...'`,
    );
    return;
  }
  let config: ReturnType<typeof readCloudConfig>;
  try {
    config = readCloudConfig(userData);
  } catch (error) {
    say(`util.py[WARNING]: Failed loading yaml blob. ${error instanceof Error ? error.message : error}`);
    return;
  }
  for (const line of await schemaProblems(userData)) say(`schema.py[WARNING]: ${line}`);
  for (const problem of config.problems) say(`[WARNING]: ${problem}`);
  for (const command of config.bootcmd) await runCommand(shell, command, say);
  if (!isFirst) return;
  for (const group of config.groups) await shell.run(['groupadd', '--force', group]);
  for (const user of config.users) await makeUser(shell, user, say);
  for (const { path, content, mode, owner, append } of config.files)
    await shell
      .write(path, content, { mode, owner, append })
      .catch((error: unknown) => say(`[WARNING]: ${path} could not be written: ${error}`));
  // One script, whose lines run one after the other whatever becomes of those before.
  for (const command of config.runcmd) await runCommand(shell, command, say);
}

/** Runs a script of the metadata, such as `startup-script`. */
export async function script(shell: Shell, text: string, say: (line: string) => void): Promise<number> {
  const path = `/run/gangway-script-${Date.now().toString(36)}`;
  await shell.write(path, text, { mode: 0o755 });
  // `/run` may forbid that files are executed: what they begin with says by what.
  const [, interpreter = '/bin/sh'] = /^#!\s*(.+)/.exec(text) ?? [];
  return shell.start([...interpreter.trim().split(/\s+/), path], { onLine: say }).ended;
}

async function runCommand(shell: Shell, command: Command, say: (line: string) => void): Promise<void> {
  const words = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  const code = await shell.start(words, { onLine: say }).ended;
  if (code !== 0) say(`[WARNING]: The command ${JSON.stringify(command)} failed with exit code ${code}.`);
}

async function makeUser(shell: Shell, user: User, say: (line: string) => void): Promise<void> {
  const { name, uid, groups, primaryGroup, home, shell: login, isSystem } = user;
  for (const group of groups) await shell.run(['groupadd', '--force', group]);
  const options = [
    ...(uid === undefined ? [] : ['--uid', String(uid)]),
    ...(groups.length > 0 ? ['--groups', groups.join(',')] : []),
    ...(primaryGroup === undefined ? [] : ['--gid', primaryGroup]),
    ...(home === undefined ? [] : ['--home-dir', home]),
    ...(login === undefined ? [] : ['--shell', login]),
    isSystem ? '--system' : '--create-home',
  ];
  const { code, stderr } = await shell.run(['useradd', ...options, name]);
  // 9: there is one of that name.
  if (code !== 0 && code !== 9) say(`[WARNING]: The user ${name} could not be made: ${stderr.trim()}`);
}

/** What cloud-init itself says of a cloud-config, on a machine that has it. */
async function schemaProblems(userData: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-cloud-init-'));
  const file = join(folder, 'user-data');
  try {
    await writeFile(file, userData);
    await promisify(execFile)('cloud-init', ['schema', '--config-file', file], { timeout: 30_000 });
    return [];
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT') return [];
    return `${stdout}${stderr}`
      .split('\n')
      .map((line) => line.replaceAll(file, 'user-data').trim())
      .filter(Boolean);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
