import { REGIONS } from '../../../kernel/resources/locations.ts';

/** Letters of a region's zones where they are not a, b and c (https://cloud.google.com/compute/docs/regions-zones). */
const LETTERS: Readonly<Record<string, string>> = {
  'europe-west1': 'bcd',
  'us-central1': 'abcf',
  'us-east1': 'bcd',
};

/** Every zone, e.g. `us-west1-a`. */
export const ZONES: readonly string[] = REGIONS.flatMap((region) =>
  [...(LETTERS[region] ?? 'abc')].map((letter) => `${region}-${letter}`),
);

/** The zones of a region. */
export function zonesOf(region: string): readonly string[] {
  return ZONES.filter((zone) => zone.startsWith(`${region}-`) && zone.length === region.length + 2);
}

export interface MachineType {
  readonly name: string;
  readonly cpus: number;
  /** MiB */
  readonly memory: number;
  readonly isShared: boolean;
  readonly architecture: 'X86_64' | 'ARM64';
}

/** Families whose types are so many CPUs with so much memory each, GiB (https://cloud.google.com/compute/docs/machine-resource). */
const FAMILIES: readonly (readonly [
  prefix: string,
  memory: number,
  cpus: readonly number[],
  isArm?: true,
])[] = [
  ['e2-standard', 4, [2, 4, 8, 16, 32]],
  ['e2-highmem', 8, [2, 4, 8, 16]],
  ['e2-highcpu', 1, [2, 4, 8, 16, 32]],
  ['n1-standard', 3.75, [1, 2, 4, 8, 16, 32, 64, 96]],
  ['n2-standard', 4, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128]],
  ['n2-highmem', 8, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ['n2-highcpu', 1, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ['n2d-standard', 4, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ['c2-standard', 4, [4, 8, 16, 30, 60]],
  ['c3-standard', 4, [4, 8, 22, 44, 88, 176]],
  ['c4-standard', 3.75, [2, 4, 8, 16, 24, 32, 48, 96]],
  ['n4-standard', 4, [2, 4, 8, 16, 32, 48, 64, 80]],
  ['t2d-standard', 4, [1, 2, 4, 8, 16, 32, 48, 60]],
  ['t2a-standard', 4, [1, 2, 4, 8, 16, 32, 48], true],
  ['c4a-standard', 4, [1, 2, 4, 8, 16, 32, 48, 64, 72], true],
];

const SHARED: readonly (readonly [name: string, cpus: number, memory: number])[] = [
  ['e2-micro', 2, 1024],
  ['e2-small', 2, 2048],
  ['e2-medium', 2, 4096],
  ['f1-micro', 1, 614],
  ['g1-small', 1, 1740],
];

/** The machine types of every zone, by name. */
export const MACHINE_TYPES: ReadonlyMap<string, MachineType> = new Map(
  [
    ...SHARED.map(([name, cpus, memory]) => ({
      name,
      cpus,
      memory,
      isShared: true,
      architecture: 'X86_64' as const,
    })),
    ...FAMILIES.flatMap(([prefix, memory, sizes, isArm]) =>
      sizes.map((cpus) => ({
        name: `${prefix}-${cpus}`,
        cpus,
        memory: cpus * memory * 1024,
        isShared: false,
        architecture: isArm ? ('ARM64' as const) : ('X86_64' as const),
      })),
    ),
  ].map((type) => [type.name, type]),
);

/** Kinds of disks, with the GB that they may have. */
export const DISK_TYPES: ReadonlyMap<string, string> = new Map([
  ['pd-standard', '10GB-65536GB'],
  ['pd-balanced', '10GB-65536GB'],
  ['pd-ssd', '10GB-65536GB'],
  ['pd-extreme', '500GB-65536GB'],
  ['hyperdisk-balanced', '4GB-65536GB'],
]);
