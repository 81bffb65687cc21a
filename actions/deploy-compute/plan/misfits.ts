import type { Instance, InstanceProperties } from '@gangway/compute';
import type { Change } from '@gangway/settings';
import type { MachineInputs } from '../inputs/machine.ts';

/** What of a machine is otherwise than the inputs say, and can't be changed while it runs. */
export function misfits(instance: Instance, inputs: MachineInputs): Change[] {
  const [interfaces = {}] = instance.networkInterfaces ?? [];
  const disk = instance.disks?.find(({ boot }) => boot);
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['machine_type', last(instance.machineType), inputs.machineType],
    ['network', last(interfaces.network), last(inputs.network)],
    ['subnet', last(interfaces.subnetwork), last(inputs.subnet)],
    ['disk_size', text(disk?.diskSizeGb), text(inputs.diskSize)],
    ['runtime_service_account', accountOf(instance), wantedAccount(inputs, instance)],
  ];
  return pairs.flatMap(([path, before, after]) =>
    after === undefined || before === undefined || before === after ? [] : [{ path, before, after }],
  );
}

/** E-mail address of the account that a machine acts as, or `none`. */
export function accountOf({ serviceAccounts = [] }: InstanceProperties): string {
  return serviceAccounts[0]?.email ?? 'none';
}

/** `default` is whatever account of Compute Engine the machine has. */
function wantedAccount({ serviceAccount }: MachineInputs, instance: Instance): string | undefined {
  if (serviceAccount !== 'default') return serviceAccount;
  return isDefaultAccount(accountOf(instance)) ? undefined : 'default';
}

export function isDefaultAccount(email: string): boolean {
  return email === 'default' || /^\d+-compute@developer\.gserviceaccount\.com$/.test(email);
}

/** The last part of a resource's name. */
export function last(name: string | undefined): string | undefined {
  return name?.split('/').at(-1);
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
