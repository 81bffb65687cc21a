import { join } from 'node:path';
import { ActionError, ask, cancellation, log } from '@gangway/action';
import { installTool } from '@gangway/action/tool';
import { download, releasesAt } from '@gangway/http';
import type { PackVersion } from '../inputs/pack-version.ts';

const RELEASES = 'https://github.com/buildpacks/pack/releases/download';

/**
 * The version of the pack that was asked for, before it is there.
 *
 * @param scratch the step's own directory
 * @throws ActionError `pack-missing`
 */
export async function packVersion(wanted: PackVersion, scratch: string): Promise<string> {
  if (wanted.from === 'release') return wanted.version;
  const version = await versionOf('pack', scratch);
  if (version) return version;
  throw new ActionError('Input "pack_version" is "path", but there is no pack on the PATH.', {
    code: 'pack-missing',
    hint: 'install pack in a step before, such as with buildpacks/github-actions/setup-pack, or name a version',
  });
}

/**
 * Gets the pack that was asked for, and no other: a released one out of its archive, which is checked against its digest each time.
 *
 * @param scratch a directory of mode 0700
 * @returns its path, or `pack`
 * @throws ActionError `tool-download`, `tool-digest`, `tool-archive`, `pack-missing`
 */
export async function installPack(wanted: PackVersion, scratch: string): Promise<string> {
  if (wanted.from === 'path') return 'pack';
  const { version, platform, sha256 } = wanted;
  const url = `${releasesAt(RELEASES, 'GANGWAY_PACK_RELEASES')}/v${version}/pack-v${version}-${platform}.tgz`;
  const path = await installTool({ name: 'pack', version, url, sha256 }, join(scratch, 'tools'), {
    download: (from, limit) => download(from, limit, cancellation),
    cure: 'run the job again; a self-hosted runner needs a way to it, HTTPS_PROXY for one, or a pack of its own: install it there, and set pack_version to path',
    onWarning: log.warning,
  });
  if (await versionOf(path, scratch)) return path;
  throw new ActionError(`pack ${version} does not run on this runner.`, {
    code: 'pack-missing',
    hint: `check that the runner is ${platform}`,
  });
}

/** What `pack version` says, such as `0.38.2`, or `0.38.2+git-…`; undefined where there is none. */
async function versionOf(path: string, scratch: string): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await ask(path, ['version'], { PACK_HOME: packHome(scratch) });
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** Where pack keeps its configuration: the person's own is neither read nor written. */
export function packHome(scratch: string): string {
  return join(scratch, 'pack');
}
