import { input, invalid } from '@gangway/action';
import { checkLabels, emptiable, type Pairs, shaped } from '@gangway/settings';

/** The machine itself; undefined keeps what is there, and a new one gets the default. */
export interface MachineInputs {
  readonly machineType: string | undefined;
  /** Of Container-Optimized OS, for the boot disk of what is made now. */
  readonly imageFamily: string;
  /** Gigabytes. */
  readonly diskSize: number | undefined;
  readonly diskType: string | undefined;
  /** By name, or in full. */
  readonly network: string | undefined;
  readonly subnet: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly labels: Pairs;
  /** An e-mail address, `default` for that of Compute Engine, or `none`. */
  readonly serviceAccount: string | undefined;
}

const RFC1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const RESOURCE =
  /^(projects\/[^/\s]+\/(global|regions\/[a-z0-9-]+)\/(networks|subnetworks)\/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

export function readMachine(): MachineInputs {
  const tags = emptiable(input.list('tags'));
  for (const tag of tags ?? [])
    if (!RFC1035.test(tag))
      throw invalid(
        'tags',
        tag,
        'use lower-case letters, digits and dashes, starting with a letter, at most 63',
      );
  const labels = input.pairList('labels');
  checkLabels(labels ?? {});
  return {
    machineType: shaped(
      'machine_type',
      input.optional('machine_type'),
      /^[a-z][a-z0-9]*-[a-z0-9-]+$/,
      'write a machine type such as e2-small',
    ),
    imageFamily: input.matching(
      'image_family',
      /^cos-(arm64-)?(\d+-lts|stable|beta|dev)$/,
      'write a family of Container-Optimized OS, such as cos-125-lts',
    ),
    diskSize: input.integer('disk_size', { min: 10, max: 65536 }),
    diskType: shaped(
      'disk_type',
      input.optional('disk_type'),
      /^[a-z][a-z0-9-]+$/,
      'write a disk type such as pd-balanced',
    ),
    network: readResource('network', input.optional('network')),
    subnet: readResource('subnet', input.optional('subnet')),
    tags,
    labels,
    serviceAccount: shaped(
      'runtime_service_account',
      input.optional('runtime_service_account'),
      /^([^@\s:]+@[^@\s]+\.gserviceaccount\.com|default|none)$/,
      'write the e-mail address of a service account, default for that of Compute Engine, or none',
    ),
  };
}

function readResource(name: string, value: string | undefined): string | undefined {
  return shaped(name, value, RESOURCE, 'write a name, or projects/PROJECT/… in full');
}
