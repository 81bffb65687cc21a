import { fields, flag, list, map, number, object, type Reader, text } from '@gangway/http';
import type {
  AccessConfig,
  Address,
  Disk,
  Firewall,
  FixedOrPercent,
  HealthCheck,
  Image,
  Instance,
  ManagedInstance,
  Manager,
  ManagerError,
  Metadata,
  NetworkInterface,
  Template,
  Version,
} from './resources.ts';

/** What the API's answers must be like, as far as Gangway reads them. */

type Item = NonNullable<Metadata['items']>[number];
type Tags = NonNullable<Instance['tags']>;
type Account = NonNullable<Instance['serviceAccounts']>[number];
type Allowed = NonNullable<Firewall['allowed']>[number];
type HttpCheck = NonNullable<HealthCheck['httpHealthCheck']>;
type Scheduling = NonNullable<Instance['scheduling']>;
type UpdatePolicy = NonNullable<Manager['updatePolicy']>;
type Distribution = NonNullable<Manager['distributionPolicy']>;
type Healing = NonNullable<Manager['autoHealingPolicies']>[number];
type Status = NonNullable<Manager['status']>;
type Health = NonNullable<ManagedInstance['instanceHealth']>[number];
type Attempt = NonNullable<ManagedInstance['lastAttempt']>;
type AttemptErrors = NonNullable<Attempt['errors']>;
type Failure = NonNullable<ManagerError['error']>;
type Details = NonNullable<ManagerError['instanceActionDetails']>;

const TEXTS = list(text);
const USED = fields<{ instanceTemplate?: string }>({ instanceTemplate: text });
const FAILURE = fields<Failure>({ code: text, message: text });
const SIZE = fields<FixedOrPercent>({ fixed: number, percent: number });

const PROPERTIES = {
  machineType: text,
  disks: list(
    fields<Disk>({
      boot: flag,
      autoDelete: flag,
      diskSizeGb: number,
      licenses: TEXTS,
      initializeParams: object as Reader<never>,
    }),
  ),
  networkInterfaces: list(
    fields<NetworkInterface>({
      name: text,
      network: text,
      subnetwork: text,
      networkIP: text,
      accessConfigs: list(fields<AccessConfig>({ name: text, type: text, natIP: text })),
    }),
  ),
  metadata: fields<Metadata>({
    fingerprint: text,
    items: list(fields<Item>({ key: text, value: text }, 'key')),
  }),
  tags: fields<Tags>({ fingerprint: text, items: TEXTS }),
  labels: map(text),
  serviceAccounts: list(fields<Account>({ email: text, scopes: TEXTS })),
  shieldedInstanceConfig: map(flag),
  guestAccelerators: list(object),
  scheduling: fields<Scheduling>({ preemptible: flag, provisioningModel: text }),
  deletionProtection: flag,
};

export const INSTANCE: Reader<Instance> = fields<Instance>(
  {
    ...PROPERTIES,
    id: text,
    name: text,
    selfLink: text,
    status: text,
    creationTimestamp: text,
    lastStartTimestamp: text,
    labelFingerprint: text,
  },
  'name',
);

export const TEMPLATE: Reader<Template> = fields<Template>(
  {
    name: text,
    selfLink: text,
    description: text,
    creationTimestamp: text,
    properties: fields<NonNullable<Template['properties']>>(PROPERTIES),
  },
  'name',
);

export const TEMPLATES = fields<{ items?: readonly Template[]; nextPageToken?: string }>({
  items: list(TEMPLATE),
  nextPageToken: text,
});

export const ADDRESS = fields<Address>(
  { name: text, address: text, addressType: text, status: text, users: TEXTS },
  'name',
);

export const FIREWALL = fields<Firewall>(
  {
    name: text,
    description: text,
    network: text,
    direction: text,
    sourceRanges: TEXTS,
    targetTags: TEXTS,
    allowed: list(fields<Allowed>({ IPProtocol: text, ports: TEXTS }, 'IPProtocol')),
  },
  'name',
);

export const HEALTH_CHECK = fields<HealthCheck>(
  {
    name: text,
    selfLink: text,
    description: text,
    type: text,
    checkIntervalSec: number,
    timeoutSec: number,
    healthyThreshold: number,
    unhealthyThreshold: number,
    httpHealthCheck: fields<HttpCheck>({ port: number, requestPath: text }),
  },
  'name',
);

export const IMAGE = fields<Image>(
  {
    name: text,
    selfLink: text,
    family: text,
    creationTimestamp: text,
    deprecated: fields<{ state?: string }>({ state: text }),
  },
  'name',
);

export const MANAGER = fields<Manager>(
  {
    name: text,
    fingerprint: text,
    instanceTemplate: text,
    versions: list(fields<Version>({ instanceTemplate: text, targetSize: SIZE })),
    targetSize: number,
    baseInstanceName: text,
    updatePolicy: fields<UpdatePolicy>({
      type: text,
      minimalAction: text,
      maxSurge: SIZE,
      maxUnavailable: SIZE,
    }),
    distributionPolicy: fields<Distribution>({ zones: list(fields<{ zone?: string }>({ zone: text })) }),
    autoHealingPolicies: list(fields<Healing>({ healthCheck: text, initialDelaySec: number })),
    status: fields<Status>({
      isStable: flag,
      versionTarget: fields<{ isReached?: boolean }>({ isReached: flag }),
      autoscaler: text,
    }),
  },
  'name',
);

export const MANAGED_INSTANCES = fields<{
  managedInstances?: readonly ManagedInstance[];
  nextPageToken?: string;
}>({
  managedInstances: list(
    fields<ManagedInstance>({
      instance: text,
      instanceStatus: text,
      currentAction: text,
      version: USED,
      instanceHealth: list(fields<Health>({ detailedHealthState: text })),
      lastAttempt: fields<Attempt>({ errors: fields<AttemptErrors>({ errors: list(FAILURE) }) }),
    }),
  ),
  nextPageToken: text,
});

export const ERRORS = fields<{ items?: readonly ManagerError[] }>({
  items: list(
    fields<ManagerError>({
      timestamp: text,
      error: FAILURE,
      instanceActionDetails: fields<Details>({ action: text, instance: text, version: USED }),
    }),
  ),
});
