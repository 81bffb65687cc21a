/**
 * Sha256 of the archives of https://github.com/superfly/flyctl/releases, by version and `OS_ARCH` as their names have
 * them. `npm run flyctl-version -- VERSION`
 * adds a release with the digests of its `flyctl_VERSION_checksums.txt`.
 */
export const DIGESTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0.4.105': {
    Linux_x86_64: '6e78298d82503f2aff2c6f41ede1178463ed286ce910c6be946a4b994ee68f29',
    Linux_arm64: '6ec0dc3656ecbe281231994080ec00238cecaa11aa65a121f53c51e3d2a69940',
    Windows_x86_64: '30d0aa2835aca2d82c646767203438706e2013961a54986d0ba81fd0d940ee52',
    Windows_arm64: '7787b9aeb32f2992bad29ca8e11cba2e5c6b49d4c771178bf0e1d1fa44ab415e',
  },
};
