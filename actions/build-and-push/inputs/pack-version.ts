import { input, invalid } from '@gangway/action';
import { PACK_DIGESTS } from './pack-digests.ts';

/** Which pack to use: one of a release, by its digest, or the one on the PATH. */
export type PackVersion =
  | { readonly from: 'release'; readonly version: string; readonly sha256: string; readonly platform: string }
  | { readonly from: 'path' };

const FORM = /^v?(\d+\.\d+\.\d+)(?:@(?:sha256:)?([0-9a-f]{64}))?$/;

/** Reads `pack_version`: a version whose digest is known here, VERSION@sha256:DIGEST, or `path`. */
export function readPackVersion(): PackVersion {
  const text = input.required('pack_version');
  if (text === 'path') return { from: 'path' };
  const [, version = '', digest] = FORM.exec(text) ?? [];
  if (!version)
    throw invalid('pack_version', text, 'write a version such as 0.38.2, VERSION@sha256:DIGEST, or path');
  const platform = platformOf();
  const sha256 = digest ?? PACK_DIGESTS[version]?.[platform];
  if (!sha256)
    throw invalid(
      'pack_version',
      text,
      `the digest of pack ${version} for ${platform} is not known here: write ${version}@sha256:DIGEST, from pack-v${version}-${platform}.tgz.sha256 of its release; or path, for the pack on the PATH`,
    );
  return { from: 'release', version, sha256, platform };
}

/** The runner as the names of the release's archives have it. */
function platformOf(): string {
  const os = { linux: 'linux', darwin: 'macos' }[process.platform as string] ?? process.platform;
  return process.arch === 'x64' ? os : `${os}-${process.arch}`;
}
