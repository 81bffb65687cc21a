import { join } from 'node:path';
import { ActionError, ask, log } from '@gangway/action';
import { cachedTool, installTool } from '@gangway/action/tool';
import { isLoopback } from '@gangway/http';
import type { FlyctlVersion } from './flyctl-version.ts';

/** A flyctl that is there, and which. */
export interface InstalledFlyctl {
  readonly path: string;
  /** As it says itself. */
  readonly version: string;
}

const RELEASES = 'https://github.com/superfly/flyctl/releases/download';
const ON_PATH = 'flyctl';

/**
 * Gets the flyctl that was asked for, checked against its digest. When it can't be downloaded, one that was checked
 * before, or the one on the PATH, has to do: a release that is down must not stop a deploy. A download that is not what
 * was pinned is never passed over.
 *
 * @param folder for its configuration, so that the person's own is not written
 * @throws ActionError `tool-download`, `tool-digest`, `flyctl-missing`
 */
export async function installFlyctl(wanted: FlyctlVersion, folder: string): Promise<InstalledFlyctl> {
  if (wanted.from === 'path') {
    const found = await versionOf(ON_PATH, folder);
    if (found) return found;
    throw new ActionError('Input "flyctl_version" is "path", but there is no flyctl on the PATH.', {
      code: 'flyctl-missing',
      hint: 'install flyctl in a step before, or name a version',
    });
  }
  const { version, platform, sha256 } = wanted;
  const archive = `flyctl_${version}_${platform}.${platform.startsWith('Windows') ? 'zip' : 'tar.gz'}`;
  try {
    const url = `${releases()}/v${version}/${archive}`;
    const path = await installTool({ name: 'flyctl', version, url, sha256 });
    const found = await versionOf(path, folder);
    if (found) return found;
    throw new ActionError(`flyctl ${version} does not run on this runner.`, {
      code: 'flyctl-missing',
      hint: `check that the runner is ${platform.replace('_', ' on ')}`,
    });
  } catch (error) {
    if (!(error instanceof ActionError) || error.code !== 'tool-download') throw error;
    const other = await standIn(folder);
    if (!other) throw error;
    log.warning(
      `${error.message}\n${other.what} is used in its place: ${other.version}. What it does may differ from ${version}.`,
    );
    return other;
  }
}

/** What keeps flyctl to itself: it writes below this folder only, and asks nobody but Fly's API. */
export function flyctlEnvironment(folder: string): Record<string, string> {
  return {
    FLY_CONFIG_DIR: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    FLY_NO_UPDATE_CHECK: '1',
    FLY_NO_INCIDENTS_CHECK: '1',
    FLY_SEND_METRICS: '0',
  };
}

/** A flyctl of another version: better one that was checked once than any that lies about. */
async function standIn(folder: string): Promise<(InstalledFlyctl & { readonly what: string }) | undefined> {
  const cached = cachedTool('flyctl');
  const checked = cached && (await versionOf(cached.path, folder));
  if (checked) return { ...checked, what: "Another flyctl of the runner's tool cache" };
  const found = await versionOf(ON_PATH, folder);
  return found && { ...found, what: 'The flyctl on the PATH' };
}

/** What `flyctl version` says, or undefined where there is none. */
async function versionOf(path: string, folder: string): Promise<InstalledFlyctl | undefined> {
  try {
    const { exitCode, stdout } = await ask(path, ['version'], flyctlEnvironment(folder));
    return exitCode === 0 ? { path, version: stdout.split('\n', 1)[0]?.trim() ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

/** Where releases are; GANGWAY_FLYCTL_RELEASES names a stand-in on this machine, whose archives are checked as well. */
function releases(): string {
  const { GANGWAY_FLYCTL_RELEASES: given } = process.env;
  if (!given) return RELEASES;
  const url = URL.parse(given);
  if (url && isLoopback(url.host)) return given.replace(/\/+$/, '');
  throw new ActionError(
    `The environment variable GANGWAY_FLYCTL_RELEASES is not on this machine: "${given}".`,
    {
      code: 'endpoint-invalid',
      hint: 'write a URL on 127.0.0.1, or unset it',
    },
  );
}
