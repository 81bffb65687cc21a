import type { InstanceProperties } from '@gangway/compute';
import { MADE_BY } from '@gangway/google-cloud';
import type { Inputs } from '../inputs.ts';
import { withItems } from './metadata.ts';
import type { WantedBoot } from './wanted-boot.ts';

/** What a machine that is made now gets where no input says it. */
export const DEFAULT_MACHINE_TYPE = 'e2-small';
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/** What a new machine is made of. */
export interface NewMachine {
  readonly inputs: Inputs;
  readonly boot: WantedBoot;
  readonly projectId: string;
  /** URL of the boot disk's image. */
  readonly sourceImage: string;
  /** Name of the network interface's external address: an address, or undefined for one that comes and goes. */
  readonly natIP: string | undefined;
  /** Taken over from the machine whose place it takes. */
  readonly like: InstanceProperties | undefined;
}

/**
 * What an instance and a template have in common, as Compute Engine takes it. Access scopes are those of IAM: what the account may
 * do is for its roles to say.
 */
export function properties({
  inputs,
  boot,
  sourceImage,
  natIP,
  like,
  projectId,
}: NewMachine): InstanceProperties {
  const { machine, surroundings } = inputs;
  const { serviceAccount } = machine;
  const kept = like?.serviceAccounts?.[0]?.email;
  const email = serviceAccount === 'none' ? undefined : (serviceAccount ?? kept);
  return {
    disks: [{ boot: true, autoDelete: true, initializeParams: diskOf(inputs, sourceImage, like) }],
    networkInterfaces: [
      {
        ...networkOf(inputs, like, projectId),
        ...(surroundings.address !== 'none' && {
          accessConfigs: [
            { name: 'external-nat', type: 'ONE_TO_ONE_NAT', ...(natIP !== undefined && { natIP }) },
          ],
        }),
      },
    ],
    metadata: { items: withItems(new Map(), boot.items) },
    tags: { items: wantedTags(like?.tags?.items ?? [], inputs) },
    labels: { ...like?.labels, ...MADE_BY, ...machine.labels },
    ...(email !== undefined && { serviceAccounts: [{ email, scopes: SCOPES }] }),
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
  };
}

/** The machine's tags, and the one by which our firewall rules find it. */
export function wantedTags(
  current: readonly string[],
  { machine, surroundings, group, name }: Pick<Inputs, 'machine' | 'surroundings' | 'group' | 'name'>,
): readonly string[] {
  const hasRule = surroundings.allowFrom.length > 0 || (group.healthCheck ?? 'none') !== 'none';
  const own = hasRule ? [name] : [];
  return [...new Set([...(machine.tags ?? current), ...own])].sort();
}

function diskOf(
  { machine: { diskSize, diskType }, location, kind }: Inputs,
  sourceImage: string,
  like: InstanceProperties | undefined,
): Readonly<Record<string, string>> {
  const disk = like?.disks?.find(({ boot }) => boot);
  const { diskSizeGb: kept = disk?.diskSizeGb, diskType: keptType } = disk?.initializeParams ?? {};
  const size = diskSize ?? kept;
  return {
    sourceImage,
    ...(size !== undefined && { diskSizeGb: String(size) }),
    ...(diskType === undefined && keptType !== undefined && { diskType: keptType }),
    // A template belongs to no zone.
    ...(diskType !== undefined && {
      diskType: kind === 'group' ? diskType : `${location.path}/diskTypes/${diskType}`,
    }),
  };
}

function networkOf(
  { machine: { network, subnet }, location: { region } }: Inputs,
  like: InstanceProperties | undefined,
  projectId: string,
): { network?: string; subnetwork?: string } {
  const [interfaces = {}] = like?.networkInterfaces ?? [];
  const home = `projects/${projectId}`;
  const full = (name: string, kind: string) => (name.includes('/') ? name : `${home}/${kind}/${name}`);
  const subnetwork =
    subnet === undefined ? relative(interfaces.subnetwork) : full(subnet, `regions/${region}/subnetworks`);
  const of = network === undefined ? relative(interfaces.network) : full(network, 'global/networks');
  if (subnetwork !== undefined && network === undefined) return { subnetwork };
  return {
    network: of ?? `${home}/global/networks/default`,
    ...(subnetwork !== undefined && { subnetwork }),
  };
}

/** A name without the host, which APIs show and don't need. */
function relative(url: string | undefined): string | undefined {
  return url?.replace(/^.*\/(?=projects\/)/, '');
}
