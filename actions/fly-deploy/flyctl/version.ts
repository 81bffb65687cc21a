import { input, invalid } from '@gangway/action';
import { DIGESTS } from './digests.ts';

/** Which flyctl to use: one of a release, by its digest, or the one on the PATH. */
export type FlyctlVersion =
  | {
      readonly from: 'release';
      readonly version: string;
      readonly sha256: string;
      readonly platform: string;
      /** Whether the digest was given with the version: no other flyctl will do then. */
      readonly pinned: boolean;
    }
  | { readonly from: 'path' };

const FORM = /^v?(\d+\.\d+\.\d+)(?:@(?:sha256:)?([0-9a-f]{64}))?$/;

/** Reads `flyctl_version`: a version that the repository has the digest of, VERSION@sha256:DIGEST, or `path`. */
export function readFlyctlVersion(): FlyctlVersion {
  const text = input.required('flyctl_version');
  if (text === 'path') return { from: 'path' };
  const [, version = '', digest] = FORM.exec(text) ?? [];
  if (!version)
    throw invalid('flyctl_version', text, 'write a version such as 0.4.105, VERSION@sha256:DIGEST, or path');
  const platform = platformOf();
  const sha256 = digest ?? DIGESTS[version]?.[platform];
  if (!sha256) {
    throw invalid(
      'flyctl_version',
      text,
      `the digest of flyctl ${version} for ${platform} is not known here: write ${version}@sha256:DIGEST, from flyctl_${version}_checksums.txt of its release; or path, for the flyctl on the PATH`,
    );
  }
  return { from: 'release', version, sha256, platform, pinned: digest !== undefined };
}

/** The runner as the names of the release's archives have it. */
function platformOf(): string {
  const os = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[process.platform as string];
  const arch = { x64: 'x86_64', arm64: 'arm64' }[process.arch as string];
  return `${os ?? process.platform}_${arch ?? process.arch}`;
}
