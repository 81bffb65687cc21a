/** A public image (https://cloud.google.com/compute/docs/images/os-details). */
export interface PublicImage {
  readonly project: string;
  readonly name: string;
  readonly family: string;
  readonly description: string;
  /** RFC 3339 */
  readonly created: string;
  readonly architecture: 'X86_64' | 'ARM64';
  readonly diskSizeGb: number;
  /** Whether it is out of support. */
  readonly isDeprecated?: boolean;
}

/** Milestones of Container-Optimized OS, newest last, each with its build and its first day (https://cloud.google.com/container-optimized-os/docs/release-notes). */
const COS: readonly (readonly [milestone: number, build: string, day: string, isDeprecated?: true])[] = [
  [109, '17800-519-93', '2025-09-22', true],
  [113, '18244-521-88', '2026-03-16', true],
  [117, '18613-339-93', '2026-08-24'],
  [121, '18867-294-64', '2026-09-21'],
  [125, '19216-104-126', '2026-10-19'],
];
/** The milestone that cos-stable is at; cos-beta and cos-dev are of it here, too. */
const STABLE = COS.length - 1;

const DEBIAN: readonly (readonly [version: number, name: string, day: string])[] = [
  [11, 'bullseye', '20260817'],
  [12, 'bookworm', '20261013'],
  [13, 'trixie', '20261013'],
];

/** The public images that instances may boot from. */
export const PUBLIC_IMAGES: readonly PublicImage[] = [
  ...COS.flatMap(([milestone, build, day, isDeprecated]) =>
    (['X86_64', 'ARM64'] as const).map((architecture) => {
      const arm = architecture === 'ARM64' ? '-arm64' : '';
      return cos(
        `cos${arm}-${milestone}-${build}`,
        `cos${arm}-${milestone}-lts`,
        day,
        architecture,
        isDeprecated,
      );
    }),
  ),
  ...['stable', 'beta', 'dev'].flatMap((channel) => {
    const [milestone, build = '', day = ''] = COS[STABLE] ?? [];
    return (['X86_64', 'ARM64'] as const).map((architecture) => {
      const arm = architecture === 'ARM64' ? '-arm64' : '';
      return cos(`cos${arm}-${channel}-${milestone}-${build}`, `cos${arm}-${channel}`, day, architecture);
    });
  }),
  ...DEBIAN.flatMap(([version, name, day]) =>
    (['X86_64', 'ARM64'] as const).map((architecture) => {
      const arm = architecture === 'ARM64' ? '-arm64' : '';
      return {
        project: 'debian-cloud',
        name: `debian-${version}-${name}${arm}-v${day}`,
        family: `debian-${version}${arm}`,
        description: `Debian, Debian GNU/Linux, ${version} (${name}), ${architecture}`,
        created: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T12:00:00.000-07:00`,
        architecture,
        diskSizeGb: 10,
      };
    }),
  ),
];

function cos(
  name: string,
  family: string,
  day: string,
  architecture: PublicImage['architecture'],
  isDeprecated = false,
): PublicImage {
  return {
    ...{ project: 'cos-cloud', name, family, architecture, isDeprecated },
    description: `Google, Container-Optimized OS, ${name}, ${architecture} built on ${day}`,
    created: `${day}T09:30:00.000-07:00`,
    diskSizeGb: 10,
  };
}

/** The image that a family stands for: its newest that is in support. */
export function newestOf(project: string, family: string): PublicImage | undefined {
  return PUBLIC_IMAGES.filter(
    (image) => image.project === project && image.family === family && !image.isDeprecated,
  ).at(-1);
}
