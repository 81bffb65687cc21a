import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What flyctl gets of the step's environment: where it finds its programs, how it reaches Fly, and what it says of the commit. Not
 * what makes it write down what it sends (LOG_LEVEL, FLYCTL_OUTPUT_HAR), nor secrets that the job has for other programs.
 */
const NEEDED = new RegExp(
  `^(${[
    'PATH|HOME|USER|LOGNAME|LANG|LC_\\w+|TZ',
    '(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)',
    'FLY_(API|FLAPS|UIEX)_BASE_URL|FLY_REGISTRY_HOST',
    // Where its remote builder is, and how it is reached.
    'FLY_REMOTE_BUILDER_(REGION|HOST_WG)',
    // How it reaches the engine that it builds with, and signs in to registries of base images.
    'DOCKER_(HOST|CERT_PATH|TLS_VERIFY|API_VERSION|CONFIG)',
    'CI|GITHUB_(ACTIONS|SHA|REPOSITORY|EVENT_NAME|ACTION)',
    // What is on the PATH may be a version manager's, which then starts the real one.
    '(ASDF|MISE)_\\w+|XDG_(CONFIG|DATA|STATE)_HOME',
    // Programs on Windows don't start without them.
    'SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|(LOCAL)?APPDATA|PROGRAMDATA',
  ].join('|')})$`,
  'i',
);

/** Tells by name which variables of the step flyctl inherits. */
export function flyctlInherits(name: string): boolean {
  return NEEDED.test(name);
}

/**
 * Makes a folder for flyctl to keep its files in, of mode 0700. Where it would write logs, one of each command with the
 * bodies of all requests and one of its agent, there are files in place of folders: then it writes none, and goes on.
 *
 * @returns the path
 * @see https://github.com/superfly/flyctl/blob/master/internal/logger/logfile/fs.go
 * @see https://github.com/superfly/flyctl/blob/master/agent/start.go
 */
export async function makeFlyctlFolder(scratch: string): Promise<string> {
  const folder = join(scratch, 'fly');
  await mkdir(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  for (const name of ['logs', 'agent-logs']) await writeFile(join(folder, name), '', { mode: 0o400 });
  return folder;
}

/**
 * What keeps flyctl to itself: it writes below this folder only, and asks nobody but Fly's API.
 *
 * @see https://github.com/superfly/flyctl/blob/master/internal/config/config.go (the variables)
 */
export function flyctlEnvironment(folder: string): Record<string, string> {
  const temporary = join(folder, 'tmp');
  return {
    FLY_CONFIG_DIR: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    TMPDIR: temporary,
    ...(process.platform === 'win32' && { TEMP: temporary, TMP: temporary }),
    FLY_NO_UPDATE_CHECK: '1',
    FLY_NO_INCIDENTS_CHECK: '1',
    FLY_SEND_METRICS: '0',
  };
}
