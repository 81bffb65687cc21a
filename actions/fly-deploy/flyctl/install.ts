import { join } from 'node:path';
import { ActionError, ask, cancellation, log } from '@gangway/action';
import { installTool } from '@gangway/action/tool';
import { download, look, releasesAt } from '@gangway/http';
import { flyctlEnvironment, flyctlInherits } from './folder.ts';
import type { FlyctlVersion } from './version.ts';

/** A flyctl that is there, and which. */
export interface InstalledFlyctl {
  readonly path: string;
  /** As it says itself. */
  readonly version: string;
}

/** Milliseconds in which the server of the releases answers. */
const PATIENCE = 5000;
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
  const instead = wanted.pinned ? undefined : await versionOf('flyctl', folder);
  const supply = {
    download: async (from: string, limit: number) => {
      await reachable(from, instead !== undefined);
      return download(from, limit, cancellation);
    },
    cure: 'run the job again; a self-hosted runner needs a way to it, HTTPS_PROXY for one, or a flyctl of its own: install it there, and set flyctl_version to path',
    onWarning: log.warning,
  };
  const path = await installTool(tool, join(scratch, 'tools'), supply).catch((error: unknown) => {
    if (!instead || !(error instanceof ActionError) || !(error.cause instanceof Unreachable)) throw error;
    log.warning(
      `${error.message}\nThe flyctl on the PATH is used instead: ${instead.version}. Set flyctl_version to path if that is what you want.`,
    );
    return undefined;
  });
  const found = path ? await versionOf(path, folder) : instead;
  if (found) return found;
  throw new ActionError(`flyctl ${version} does not run on this runner.`, {
    code: 'flyctl-missing',
    hint: `check that the runner is ${platform.replace('_', ' on ')}`,
  });
}

/** There is no way to the releases: nothing answers. */
class Unreachable extends Error {}

/**
 * Asks the server of the releases for a sign of life: a runner without a way to it would wait for minutes else.
 *
 * @param replaceable whether there is another flyctl; else only what takes too long is given up
 * @throws Unreachable
 */
async function reachable(url: string, replaceable: boolean): Promise<void> {
  try {
    await look(new URL(url).origin, { timeout: PATIENCE, signal: cancellation });
  } catch (error) {
    cancellation.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    if (replaceable || message.includes('ETIMEDOUT')) throw new Unreachable(message);
  }
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
