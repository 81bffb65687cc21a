/** A public image (https://cloud.google.com/compute/docs/images/os-details). */
export interface PublicImage {
  readonly project: string;
  readonly name: string;
  readonly family: string;
  readonly title: string;
  /** Days since it was built. Google builds a maintained image every few weeks, so a date that stands still would age with this file. */
  readonly age: number;
  readonly architecture: 'X86_64' | 'ARM64';
  readonly diskSizeGb: number;
  /** Whether it is out of support. */
  readonly isDeprecated?: boolean;
}

/**
 * Milestones of Container-Optimized OS, newest last, each with its build and the age of that (https://cloud.google.com/container-optimized-os/docs/release-notes).
 * The oldest that is in support gets no new builds any more, as in the months before a milestone ends.
 */
const COS: readonly (readonly [milestone: number, build: string, age: number, isDeprecated?: true])[] = [
  [109, '17800-519-93', 430, true],
  [113, '18244-521-88', 260, true],
  [117, '18613-339-93', 150],
  [121, '18867-294-64', 40],
  [125, '19216-104-126', 12],
];
/** The milestone that cos-stable is at; cos-beta and cos-dev are of it here, too. */
const STABLE = COS.length - 1;

const DEBIAN: readonly (readonly [version: number, name: string, day: string, age: number])[] = [
  [11, 'bullseye', '20260817', 100],
  [12, 'bookworm', '20261013', 45],
  [13, 'trixie', '20261013', 45],
];

/** The public images that instances may boot from. */
export const PUBLIC_IMAGES: readonly PublicImage[] = [
  ...COS.flatMap(([milestone, build, age, isDeprecated]) =>
    (['X86_64', 'ARM64'] as const).map((architecture) => {
      const arm = architecture === 'ARM64' ? '-arm64' : '';
      return cos(
        `cos${arm}-${milestone}-${build}`,
        `cos${arm}-${milestone}-lts`,
        age,
        architecture,
        isDeprecated,
      );
    }),
  ),
  ...['stable', 'beta', 'dev'].flatMap((channel) => {
    const [milestone, build = '', age = 0] = COS[STABLE] ?? [];
    return (['X86_64', 'ARM64'] as const).map((architecture) => {
      const arm = architecture === 'ARM64' ? '-arm64' : '';
      return cos(`cos${arm}-${channel}-${milestone}-${build}`, `cos${arm}-${channel}`, age, architecture);
    });
  }),
  ...DEBIAN.flatMap(([version, name, day, age]) =>
    (['X86_64', 'ARM64'] as const).map((architecture) => {
      const arm = architecture === 'ARM64' ? '-arm64' : '';
      return {
        project: 'debian-cloud',
        name: `debian-${version}-${name}${arm}-v${day}`,
        family: `debian-${version}${arm}`,
        title: `Debian, Debian GNU/Linux, ${version} (${name})`,
        age,
        architecture,
        diskSizeGb: 10,
      };
    }),
  ),
];

function cos(
  name: string,
  family: string,
  age: number,
  architecture: PublicImage['architecture'],
  isDeprecated = false,
): PublicImage {
  return {
    ...{ project: 'cos-cloud', name, family, architecture, isDeprecated, age },
    title: `Google, Container-Optimized OS, ${name}`,
    diskSizeGb: 10,
  };
}

/** The image that a family stands for: its newest that is in support. */
export function newestOf(project: string, family: string): PublicImage | undefined {
  return PUBLIC_IMAGES.filter(
    (image) => image.project === project && image.family === family && !image.isDeprecated,
  ).at(-1);
}
