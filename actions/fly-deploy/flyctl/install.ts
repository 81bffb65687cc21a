import { join } from 'node:path';
import { ActionError, ask, cancellation, log } from '@gangway/action';
import { installTool } from '@gangway/action/tool';
import { download, releasesAt } from '@gangway/http';
import { flyctlEnvironment, flyctlInherits } from './folder.ts';
import type { FlyctlVersion } from './version.ts';

/** A flyctl that is there, and which. */
export interface InstalledFlyctl {
  readonly path: string;
  /** As it says itself. */
  readonly version: string;
}

const RELEASES = 'https://github.com/superfly/flyctl/releases/download';

/**
 * Gets the flyctl that was asked for, and no other. A released one is taken out of its archive each time, after that was checked
 * against its digest, whether it comes from the runner's tool cache or was downloaded.
 *
 * @param scratch a directory of mode 0700, where it is put
 * @param folder for its configuration, so that the person's own is not written
 * @throws ActionError `tool-download`, `tool-digest`, `tool-archive`, `flyctl-missing`
 */
export async function installFlyctl(
  wanted: FlyctlVersion,
  scratch: string,
  folder: string,
): Promise<InstalledFlyctl> {
  if (wanted.from === 'path') {
    const found = await versionOf('flyctl', folder);
    if (found) return found;
    throw new ActionError('Input "flyctl_version" is "path", but there is no flyctl on the PATH.', {
      code: 'flyctl-missing',
      hint: 'install flyctl in a step before, or name a version',
    });
  }
  const { version, platform, sha256 } = wanted;
  const archive = `flyctl_${version}_${platform}.${platform.startsWith('Windows') ? 'zip' : 'tar.gz'}`;
  const url = `${releasesAt(RELEASES, 'GANGWAY_FLYCTL_RELEASES')}/v${version}/${archive}`;
  const tool = { name: 'flyctl', version, url, sha256 };
  const path = await installTool(tool, join(scratch, 'tools'), {
    download: (from, limit) => download(from, limit, cancellation),
    cure: 'run the job again; a self-hosted runner needs a way to it, HTTPS_PROXY for one, or a flyctl of its own: install it there, and set flyctl_version to path',
    onWarning: log.warning,
  });
  const found = await versionOf(path, folder);
  if (found) return found;
  throw new ActionError(`flyctl ${version} does not run on this runner.`, {
    code: 'flyctl-missing',
    hint: `check that the runner is ${platform.replace('_', ' on ')}`,
  });
}

/** What `flyctl version` says, or undefined where there is none. */
async function versionOf(path: string, folder: string): Promise<InstalledFlyctl | undefined> {
  try {
    const { exitCode, stdout } = await ask(path, ['version'], flyctlEnvironment(folder), flyctlInherits);
    return exitCode === 0 ? { path, version: stdout.split('\n', 1)[0]?.trim() ?? '' } : undefined;
  } catch {
    return undefined;
  }
}
