import { createHash } from 'node:crypto';

/** The platforms of GitHub's runners, as the names of flyctl's archives have them. */
const PLATFORMS = [
  'Linux_x86_64',
  'Linux_arm64',
  'macOS_x86_64',
  'macOS_arm64',
  'Windows_x86_64',
  'Windows_arm64',
];

/**
 * The digests of a release by platform, out of its checksums.
 * @throws Error that names the platform without one
 */
export function digestsIn(checksums: string, version: string): Record<string, string> {
  return Object.fromEntries(
    PLATFORMS.map((platform) => {
      const archive = `flyctl_${version}_${platform}.${platform.startsWith('Windows') ? 'zip' : 'tar.gz'}`;
      const line = checksums.split('\n').find((candidate) => candidate.trim().endsWith(` ${archive}`));
      const digest = /^[0-9a-f]{64}(?= )/.exec(line?.trim() ?? '')?.[0];
      if (!digest) throw new Error(`The checksums of flyctl ${version} have none of ${archive}.`);
      return [platform, digest];
    }),
  );
}

/** The source of digests.ts with other digests, newest version first. */
export function withVersion(
  source: string,
  digests: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  const versions = Object.keys(digests).sort((one, other) =>
    other.localeCompare(one, 'en', { numeric: true }),
  );
  const entries = versions.map((version) => {
    const lines = Object.entries(digests[version] ?? {}).map(([on, digest]) => `    ${on}: '${digest}',\n`);
    return `  '${version}': {\n${lines.join('')}  },\n`;
  });
  const start = source.indexOf('= {\n') + '= {\n'.length;
  return `${source.slice(0, start)}${entries.join('')}};\n`;
}

type Digests = Readonly<Record<string, string>>;

/** The platforms whose known digest is another, and those without one. */
export function compare(
  known: Digests,
  digests: Digests,
): { readonly wrong: readonly string[]; readonly missing: readonly string[] } {
  const platforms = Object.keys(digests);
  return {
    wrong: platforms.filter((on) => known[on] !== undefined && known[on] !== digests[on]),
    missing: platforms.filter((on) => known[on] === undefined),
  };
}

/**
 * The archive of a platform, and what holds its bytes against their digest.
 * @throws Error where the digest is not known, or is another
 */
export function requireDigest(
  digests: Readonly<Record<string, Digests>>,
  version: string,
  system: string,
  processor: string,
): { readonly archive: string; readonly sha256: (bytes: Buffer) => void } {
  const platform = `${system === 'darwin' ? 'macOS' : 'Linux'}_${processor === 'arm64' ? 'arm64' : 'x86_64'}`;
  const known = digests[version]?.[platform];
  if (!known) throw new Error(`The digest of flyctl ${version} for ${platform} is not known.`);
  const archive = `flyctl_${version}_${platform}.tar.gz`;
  return {
    archive,
    sha256: (bytes) => {
      const found = createHash('sha256').update(bytes).digest('hex');
      if (found !== known) throw new Error(`${archive} has the digest ${found}, not ${known}.`);
    },
  };
}
