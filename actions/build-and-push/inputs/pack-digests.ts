/**
 * Sha256 of the archives of https://github.com/buildpacks/pack/releases, by version and platform as their names have them. A
 * release is added with the digests of its `pack-vVERSION-PLATFORM.tgz.sha256`.
 */
export const PACK_DIGESTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0.38.2': {
    linux: 'a00765572b7d464b1691d64fd264d9a807b066a7e7805db32b9918d9be16e228',
    'linux-arm64': '27bdf0d2f2f0ad4212f0f2277fa3a4970d86d5848ad3deb5bc658281de2b6b26',
    macos: 'ad8ebc741b7e2dc8407af2c5a21a851601c4eb74d23c379bbb02fdd9a009fa5c',
    'macos-arm64': '7c9a21cb80c7d7e98616146543fa5d39c51257515ddbc0dc0e0f6b3a08e3f304',
  },
};
