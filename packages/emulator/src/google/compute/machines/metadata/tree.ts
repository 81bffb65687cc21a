import { seededAccounts } from '../../../../seeded.ts';
import type { Node } from '../../../metadata/answer.ts';
import type { Context } from '../../context.ts';
import { metadataValue } from '../../instances/metadata.ts';
import type { InstanceAccount } from '../../instances/service-accounts.ts';
import { nameIn } from '../../links.ts';
import type { NetworkInterface } from '../../networking/loopback.ts';
import type { MetadataItem, Resource } from '../../state.ts';

/** What the metadata server knows of an instance, but for tokens (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys). */
export function metadataTree(
  { project, compute }: Context,
  instance: Resource,
): { readonly [name: string]: Node } {
  const { items = [] } = instance.metadata as { items?: readonly MetadataItem[] };
  const zone = nameIn(instance.zone);
  const numbered = `projects/${project.number}`;
  const { onHostMaintenance, automaticRestart, preemptible } = instance.scheduling as Readonly<
    Record<string, unknown>
  >;
  const { items: tags = [] } = instance.tags as { items?: readonly string[] };
  const disks = instance.disks as readonly { deviceName: string; mode: string; source: string }[];
  const boot = compute.resources.get(`zones/${zone}/disks/${nameIn(disks[0]?.source)}`);
  const accounts = (instance.serviceAccounts ?? []) as readonly InstanceAccount[];
  return {
    instance: {
      attributes: attributes(items),
      'cpu-platform': String(instance.cpuPlatform),
      description: String(instance.description ?? ''),
      disks: indexed(
        disks.map(({ deviceName, mode }, index) => ({
          'device-name': deviceName,
          index: String(index),
          mode,
          type: 'PERSISTENT-BALANCED',
          interface: 'SCSI',
        })),
      ),
      hostname: `${instance.name}.${zone}.c.${project.id}.internal`,
      id: instance.id,
      image: String(boot?.sourceImage ?? '').replace(/^.*\/(?=projects\/)/, ''),
      'machine-type': `${numbered}/machineTypes/${nameIn(instance.machineType)}`,
      'maintenance-event': 'NONE',
      name: instance.name,
      'network-interfaces': indexed(
        (instance.networkInterfaces as readonly NetworkInterface[]).map((nic) =>
          interfaceNode(nic, numbered),
        ),
      ),
      preempted: 'FALSE',
      scheduling: {
        'automatic-restart': shout(automaticRestart),
        'on-host-maintenance': String(onHostMaintenance),
        preemptible: shout(preemptible),
      },
      'service-accounts': Object.fromEntries(
        accounts.flatMap((account) => [
          [account.email, accountNode(account)],
          ['default', accountNode(account)],
        ]),
      ),
      tags,
      zone: `${numbered}/zones/${zone}`,
    },
    project: {
      attributes: attributes(compute.commonMetadata),
      'numeric-project-id': project.number,
      'project-id': project.id,
    },
    universe: { 'universe-domain': 'googleapis.com' },
  };
}

/** Whether an instance may say something of itself. */
export function mayTell({ compute }: Context, { metadata }: Resource): boolean {
  const own = metadataValue(metadata, 'enable-guest-attributes');
  const common = metadataValue({ items: compute.commonMetadata }, 'enable-guest-attributes');
  return /^(?:true|y|yes|1)$/i.test(own ?? common ?? '');
}

/** The account of an instance that a path names: by its e-mail, or as the default one. */
export function accountNamed(
  cloud: Context,
  { serviceAccounts }: Resource,
  name: string,
): InstanceAccount | undefined {
  const accounts = (serviceAccounts ?? []) as readonly InstanceAccount[];
  const email = name === 'default' ? accounts[0]?.email : name;
  const found = accounts.find((account) => account.email === email);
  return found &&
    (found.email === seededAccounts(cloud.project).runtime || cloud.accounts.ofEmail(found.email))
    ? found
    : undefined;
}

function attributes(items: readonly MetadataItem[]): { readonly [name: string]: Node } {
  return Object.fromEntries(items.map(({ key, value = '' }) => [key, value]));
}

function accountNode({ email, scopes }: InstanceAccount): Node {
  return { aliases: 'default', email, scopes };
}

function interfaceNode({ networkIP, accessConfigs = [] }: NetworkInterface, numbered: string): Node {
  return {
    'access-configs': indexed(accessConfigs.map(({ natIP = '', type }) => ({ 'external-ip': natIP, type }))),
    'dns-servers': ['169.254.169.254'],
    gateway: networkIP.replace(/\.\d+$/, '.1'),
    ip: networkIP,
    mac: '42:01:0a:8a:00:02',
    mtu: '1460',
    network: `${numbered}/networks/default`,
    subnetmask: '255.255.240.0',
  };
}

function indexed(nodes: readonly Node[]): { readonly [name: string]: Node } {
  return Object.fromEntries(nodes.map((node, index) => [String(index), node]));
}

function shout(value: unknown): string {
  return value ? 'TRUE' : 'FALSE';
}
