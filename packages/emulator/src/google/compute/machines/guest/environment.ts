import { words } from './command-line.ts';
import type { Shell } from './shell.ts';
import type { UnitFile } from './unit-file.ts';

/** What every unit has (https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html, "Environment Variables in Spawned Processes"). */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The environment of a unit's commands: `Environment=`, and over it `EnvironmentFile=`.
 *
 * @throws Error for a file that is not there and has no `-`
 */
export async function environmentOf(
  shell: Shell,
  unit: UnitFile,
  put: (text: string) => string,
): Promise<Readonly<Record<string, string>>> {
  const env: Record<string, string> = { LANG: 'C.UTF-8', PATH };
  const user = unit.last('Service', 'User');
  if (user !== undefined) Object.assign(env, await userVariables(shell, user));
  for (const line of unit.all('Service', 'Environment'))
    for (const { text } of words(put(line))) assign(env, text);
  for (const name of unit.all('Service', 'EnvironmentFile')) {
    const path = put(name.replace(/^-/, ''));
    const text = await shell.read(path);
    if (text === undefined && !name.startsWith('-'))
      throw new Error(`Failed to load environment files: ${path}: No such file or directory`);
    for (const [key, value] of assignments(text ?? '')) env[key] = value;
  }
  return env;
}

async function userVariables(shell: Shell, user: string): Promise<Readonly<Record<string, string>>> {
  const entries = (await shell.read('/etc/passwd')) ?? '';
  const entry = entries
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name, , id]) => name === user || id === user);
  if (!entry) throw new Error(`Failed to determine user credentials: No such process (${user})`);
  const [name = '', , , , , home = '', login = ''] = entry;
  return { USER: name, LOGNAME: name, HOME: home, SHELL: login };
}

function assign(env: Record<string, string>, text: string): void {
  const [, key, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined) env[key] = value;
}

/** Assignments of a file, one a line, as a shell would quote them. */
function* assignments(text: string): Generator<readonly [string, string]> {
  for (const line of text.replace(/\\\n/g, '').split('\n')) {
    const [, key, raw = ''] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || /^\s*[#;]/.test(line)) continue;
    const [, , quoted] = /^(["'])(.*)\1$/s.exec(raw) ?? [];
    yield [key, quoted ?? raw];
  }
}
