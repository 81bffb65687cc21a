/** A version by SemVer, as a tag of this repository spells it: `v1.2.3` or `v1.2.3-rc.1`. */
export interface Version {
  readonly tag: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The dot-separated parts after the hyphen; empty for a stable version. */
  readonly prerelease: readonly string[];
}

const number = '(0|[1-9]\\d*)';
const identifier = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][\\dA-Za-z-]*)';
const pattern = new RegExp(`^v${number}\\.${number}\\.${number}(?:-(${identifier}(?:\\.${identifier})*))?$`);

/**
 * Reads a tag. Build metadata (`+5`) is not read: two versions that differ only in it have no order.
 * @returns undefined for a tag that is not a full version, such as `v1`, `v1.2` or `v01.2.3`
 * @see https://semver.org/spec/v2.0.0.html
 */
export function parseTag(tag: string): Version | undefined {
  const [, major, minor, patch, prerelease] = pattern.exec(tag) ?? [];
  if (major === undefined) return undefined;
  return {
    tag,
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease: prerelease?.split('.') ?? [],
  };
}

/** Negative when `a` comes before `b`, by SemVer's precedence (clause 11). */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

/** The highest of some versions. */
export function highest(versions: readonly Version[]): Version | undefined {
  return versions.toSorted(compareVersions).at(-1);
}

export function isStable({ prerelease }: Version): boolean {
  return prerelease.length === 0;
}

/** A stable version comes after all its pre-releases; numbers come before words. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left !== right) return comparePart(left, right);
  }
  return a.length - b.length;
}

function comparePart(a: string, b: string): number {
  const [left, right] = [a, b].map((part) => (/^\d+$/.test(part) ? Number(part) : undefined));
  if (left !== undefined && right !== undefined) return left - right;
  if (left !== undefined || right !== undefined) return left !== undefined ? -1 : 1;
  return a < b ? -1 : 1;
}
