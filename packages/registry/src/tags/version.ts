import type { Variables } from './template.ts';

/** A version as it was read off a Git tag. */
export interface Version {
  readonly raw: string;
  /** Without a leading `v` and build metadata. */
  readonly version: string;
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** Whether it is no release: a pre-release or, of Python, a post- or development release. */
  readonly unstable: boolean;
  readonly prerelease: string;
}

const SEMVER =
  /^v?(?<version>(?<major>0|[1-9]\d*)\.(?<minor>0|[1-9]\d*)\.(?<patch>0|[1-9]\d*)(?:-(?<prerelease>(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?)(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Reads a semantic version, with or without a `v`; undefined when it is none (https://semver.org/spec/v2.0.0.html). */
export function parseSemver(raw: string): Version | undefined {
  const groups = SEMVER.exec(raw)?.groups;
  if (!groups) return undefined;
  const { version = '', major = '', minor = '', patch = '', prerelease = '' } = groups;
  return { raw, version, major, minor, patch, prerelease, unstable: prerelease !== '' };
}

const PEP440 =
  /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\d*))?(?<post>-(?<postOnly>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>\d*))?(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d*))?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;
const PRE: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

/** Reads a version of Python's and normalises it; undefined when it is none (https://peps.python.org/pep-0440/#normalization). */
export function parsePep440(raw: string): Version | undefined {
  const groups = PEP440.exec(raw.trim())?.groups;
  if (!groups) return undefined;
  const { epoch, release = '', pre, preNumber, post, postOnly, postNumber, dev, devNumber, local } = groups;
  const numbers = release.split('.').map((part) => String(Number(part)));
  const [major = '0', minor = '0', patch = '0'] = numbers;
  const letter = pre?.toLowerCase();
  const version = [
    Number(epoch) ? `${Number(epoch)}!` : '',
    numbers.join('.'),
    letter ? `${PRE[letter] ?? letter}${Number(preNumber)}` : '',
    post ? `.post${Number(postOnly ?? postNumber)}` : '',
    dev ? `.dev${Number(devNumber)}` : '',
    local ? `+${local.toLowerCase().replace(/[-_]/g, '.')}` : '',
  ].join('');
  const unstable = letter !== undefined || post !== undefined || dev !== undefined;
  return { raw, version, major, minor, patch, prerelease: '', unstable };
}

/** The variables that a pattern of versions may hold. */
export function versionVariables(version: Version | undefined): Variables {
  return {
    version: () => version?.version,
    raw: () => version?.raw,
    major: () => version?.major,
    minor: () => version?.minor,
    patch: () => version?.patch,
    prerelease: () => version?.prerelease,
  };
}
