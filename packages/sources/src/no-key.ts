/** Why a build has no key: something that decides what is in the image can't be told before the build. */
export class NoKey extends Error {
  override readonly name = 'NoKey';
}
