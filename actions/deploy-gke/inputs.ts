import { ActionError, input, invalid, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { DECLARED } from './declared-inputs.ts';
import { readImage, readImages, type WantedImage } from './inputs/images.ts';
import { type ClusterName, readClusterName } from './inputs/place.ts';
import { REFUSED } from './inputs/refused.ts';
import { type ReleaseWork, readRelease } from './inputs/release.ts';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly cluster: ClusterName;
  readonly endpoint: Endpoint;
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly work: ManifestWork | ImageWork | ReleaseWork;
  readonly forceConflicts: boolean;
  readonly rollback: boolean;
  readonly dryRun: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The way in; `auto` picks one. */
export type Endpoint = 'auto' | 'dns' | 'internal' | 'gateway';

/** Manifests are applied. */
export interface ManifestWork {
  readonly kind: 'manifests';
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly images: readonly WantedImage[];
  readonly prune: Label | undefined;
}

/** One container gets another image. */
export interface ImageWork {
  readonly kind: 'image';
  readonly workload: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly name: string;
  readonly container: string | undefined;
  readonly image: string;
}

export interface Label {
  readonly name: string;
  readonly value: string;
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const LABEL_NAME = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const WORKLOADS = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
} as const;

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED);
  const namespace = input.matching(
    'namespace',
    DNS_LABEL,
    'write lower-case letters, digits and dashes, 63 at most',
  );
  return {
    cluster: readClusterName(),
    google: readGoogleInputs(input),
    endpoint: readEndpoint(),
    namespace,
    createNamespace: input.boolean('create_namespace'),
    work: readWork(),
    forceConflicts: input.boolean('force_conflicts'),
    rollback: input.boolean('rollback'),
    dryRun: input.boolean('dry_run'),
    timeout: input.duration('timeout'),
  };
}

/** What the step is told of one kind of work, and means nothing beside another. */
const BELONGS = {
  manifests: ['images', 'prune', 'force_conflicts'],
  deployment: ['container', 'image'],
  chart: ['release', 'chart_version', 'values', 'set', 'image_value', 'image'],
} as const;
type Kind = keyof typeof BELONGS;

function readWork(): Inputs['work'] {
  const optional = (name: string) => input.optional(name);
  const [kind, second] = (Object.keys(BELONGS) as Kind[]).filter((name) => optional(name) !== undefined);
  if (kind && second)
    throw invalid(
      second,
      optional(second) ?? '',
      `a step applies manifests, sets the image of a deployment, or installs a chart: keep ${kind} or ${second}`,
    );
  if (kind === undefined)
    throw new ActionError('Input "manifests" is required and was empty.', {
      code: 'input-missing',
      hint: 'name files or folders with Kubernetes objects; or set deployment and image to give a deployment another image; or chart and release for a Helm chart',
    });
  refuseBeside(kind);
  if (kind === 'chart') return readRelease(optional('chart') ?? '');
  if (kind === 'deployment') return readImageWork(optional('deployment') ?? '');
  return { kind: 'manifests', paths: input.list('manifests'), images: readImages(), prune: readPrune() };
}

/** Refuses what would be lost without a word. */
function refuseBeside(given: Kind): void {
  const optional = (name: string) => input.optional(name);
  const strangers = Object.values(BELONGS).flat();
  for (const name of strangers) {
    const value = optional(name);
    if (value === undefined || value === 'false' || BELONGS[given].some((own) => own === name)) continue;
    const hints: Readonly<Record<string, string>> = {
      image: 'write it under images, which is for manifests',
      images: `write it under image, which is for a ${given}`,
    };
    // Such a value may be a secret.
    if (name === 'set' || name === 'values')
      throw new ActionError(`Input "${name}" has no effect with ${given}.`, {
        code: 'input-invalid',
        hint: 'leave it out, or set chart',
      });
    throw invalid(name, value, hints[name] ?? `leave it out, as it has no effect with ${given}`);
  }
}

function readImageWork(deployment: string): ImageWork {
  const [, kind = 'deployment', name = ''] = /^(?:([^/]*)\/)?(.*)$/.exec(deployment) ?? [];
  const known = kind
    .toLowerCase()
    .replace(/\.apps$/, '')
    .replace(/s$/, '');
  const workload = Object.entries(WORKLOADS).find(([word]) => word === known)?.[1];
  if (!workload || !DNS_NAME.test(name))
    throw invalid(
      'deployment',
      deployment,
      'write a name such as web, or statefulset/NAME or daemonset/NAME',
    );
  const container = input.optional('container');
  if (container !== undefined && !DNS_LABEL.test(container))
    throw invalid(
      'container',
      container,
      'write the name of a container: lower-case letters, digits and dashes',
    );
  return { kind: 'image', workload, name, container, image: readImage() };
}

function readPrune(): Label | undefined {
  const text = input.optional('prune');
  if (text === undefined) return undefined;
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (!LABEL_NAME.test(name) || !LABEL_VALUE.test(value))
    throw invalid('prune', text, 'write a label such as app.kubernetes.io/part-of=shop');
  return { name, value };
}

function readEndpoint(): Endpoint {
  const ways = {
    use_dns_based_endpoint: input.boolean('use_dns_based_endpoint') && 'dns',
    use_internal_ip: input.boolean('use_internal_ip') && 'internal',
    use_connect_gateway: input.boolean('use_connect_gateway') && 'gateway',
  } as const;
  const [first, second] = Object.entries(ways).filter(([, way]) => way !== false);
  if (first && second) throw invalid(second[0], 'true', `${first[0]} is true, too: keep one`);
  return (first?.[1] || 'auto') as Endpoint;
}
