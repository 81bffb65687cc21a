import { ActionError, input, invalid } from '@gangway/action';
import { groupOf, type Machine } from '@gangway/fly';
import { readExtraArguments, valuesOf } from '../flyctl/extra-arguments.ts';

/** What a deploy does other than fly.toml says, and to which machines it is done. */
export interface DeployOptions {
  /** Flags of `flyctl deploy`. */
  readonly flags: readonly string[];
  /** Whether process groups that have no machine get none. */
  readonly updateOnly: boolean;
  /** Tells whether the deploy is about a machine; the others stay as they are. */
  within(machine: Machine): boolean;
  /** @throws ActionError `no-machine` where the app has machines, but none in the regions or of the ids that were named */
  refuseNone(app: string, all: readonly Machine[], within: readonly Machine[]): void;
  /** Those of the process groups that the deploy is about. */
  groupsWithin(groups: readonly string[]): readonly string[];
}

const REGION = /^[a-z]{3}$/;
const GROUP = /^[A-Za-z0-9][\w-]*$/;
const VARIABLE = /^[A-Za-z_]\w*$/;

/** @param review whether it is the app of a pull request, which gets one machine and flyctl's variables of a region */
export function readDeployOptions(review: boolean): DeployOptions {
  const region = readRegion(review);
  const regions = readRegions();
  const groups = readGroups();
  const updateOnly = input.boolean('update_only');
  const extra = readExtraArguments();
  const flags = [
    ...(region ? ['--primary-region', region] : []),
    ...readHighAvailability(review),
    ...readMachineSize(),
    ...Object.entries(input.pairs('env')).flatMap(([name, value]) => {
      if (!VARIABLE.test(name)) throw invalid('env', name, 'write one NAME=VALUE per line');
      return ['--env', `${name}=${value}`];
    }),
    ...(groups.length > 0 ? ['--process-groups', groups.join(',')] : []),
    ...(regions.length > 0 ? ['--regions', regions.join(',')] : []),
    ...(updateOnly ? ['--update-only'] : []),
    ...extra,
  ];
  const only = valuesOf(extra, 'only-machines');
  const excluded = valuesOf(extra, 'exclude-machines');
  const elsewhere = valuesOf(extra, 'exclude-regions');
  return {
    flags,
    updateOnly,
    within: (machine) =>
      (groups.length === 0 || groups.includes(groupOf(machine))) &&
      (regions.length === 0 || regions.includes(machine.region ?? '')) &&
      (only.length === 0 || only.includes(machine.id)) &&
      !excluded.includes(machine.id) &&
      !elsewhere.includes(machine.region ?? ''),
    refuseNone: (app, all, those) => {
      const narrowed = [...regions, ...only];
      if (all.length === 0 || those.length > 0 || narrowed.length === 0) return;
      throw new ActionError(
        `${app} has no machine in ${narrowed.join(', ')}, so nothing can be deployed there.`,
        {
          code: 'no-machine',
          hint: `name regions that it has machines in, or make one there with "fly scale count --region REGION"`,
        },
      );
    },
    groupsWithin: (all) => (groups.length === 0 ? all : all.filter((group) => groups.includes(group))),
  };
}

function readRegion(review: boolean): string | undefined {
  const region = input.optional('region') ?? (review ? process.env.FLY_REGION || undefined : undefined);
  if (region && !REGION.test(region)) throw invalid('region', region, 'write its code, such as iad');
  return region;
}

function readRegions(): string[] {
  const regions = input.list('regions');
  for (const region of regions)
    if (!REGION.test(region)) throw invalid('regions', region, 'write codes of regions, such as iad, fra');
  return regions;
}

function readGroups(): string[] {
  const groups = input.list('process_groups');
  for (const group of groups)
    if (!GROUP.test(group))
      throw invalid('process_groups', group, 'write names of process groups, as fly.toml has them');
  return groups;
}

/** Nothing, so that flyctl's own default holds, or one machine for a pull request. */
function readHighAvailability(review: boolean): string[] {
  if (input.optional('ha') === undefined) return review ? ['--ha=false'] : [];
  return [`--ha=${input.boolean('ha')}`];
}

function readMachineSize(): string[] {
  const size = input.optional('vm_size');
  const memory = input.optional('vm_memory');
  const cpus = input.integer('vm_cpus', { min: 1, max: 128 });
  const kind = input.optional('vm_cpu_kind') && input.choice('vm_cpu_kind', ['shared', 'performance']);
  if (size && !/^[a-z0-9-]+$/.test(size))
    throw invalid('vm_size', size, 'write a size of "fly platform vm-sizes", such as shared-cpu-1x');
  if (memory && !/^\d+(?:mb|gb|MB|GB)?$/.test(memory))
    throw invalid('vm_memory', memory, 'write megabytes, such as 512, or a size such as 1gb');
  return [
    ...(size ? ['--vm-size', size] : []),
    ...(memory ? ['--vm-memory', memory] : []),
    ...(cpus ? ['--vm-cpus', String(cpus)] : []),
    ...(kind ? ['--vm-cpu-kind', kind] : []),
  ];
}
