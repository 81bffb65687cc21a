/** What a test file may need beside Node, by the name that the file declares it with; the first are seen to first. */
const NEEDS = {
  engine: { what: 'a Docker engine' },
  'base-image': { what: 'a base image with Python', after: ['engine'] },
  'current-fastapi': { what: 'an image with the current FastAPI', after: ['base-image'], slow: true },
  busybox: { what: 'busybox', programs: ['busybox'] },
  openssl: { what: 'openssl', programs: ['openssl'] },
  strace: { what: 'strace', programs: ['strace'] },
  s6: { what: 's6', programs: ['s6-svscan'] },
  'cloud-init': { what: 'cloud-init', programs: ['cloud-init'] },
  elixir: { what: 'elixir', programs: ['elixir'] },
  // A hundred megabytes with what it needs itself.
  chromium: { what: 'Chromium', programs: ['chromium'], slow: true },
  // A second and more of CPU at each call, and some hundred calls.
  gcloud: { what: 'gcloud', programs: ['gcloud'], slow: true, always: true },
  buildx: { what: 'buildx', programs: ['docker-buildx'] },
  flyctl: { what: 'flyctl', programs: ['flyctl'], slow: true },
  kustomize: { what: 'kustomize', programs: ['kustomize'], slow: true },
  helm: { what: 'Helm', programs: ['helm'], slow: true },
  'current-engine': { what: 'a current Docker engine', slow: true },
  buildkit: { what: 'BuildKit', programs: ['buildkitd', 'buildctl'], after: ['engine'], slow: true },
  pack: { what: 'pack', programs: ['pack', 'lifecycle', 'launcher'], slow: true },
  'oci-conformance': {
    what: "OCI's conformance suites",
    programs: ['oci-conformance', 'oci-conformance-1.1'],
    slow: true,
  },
  'google-clients': { what: "Google's Python clients", slow: true },
  flytekit: { what: 'flytekit', slow: true },
  'flyte-image': { what: 'an image with flytekit', after: ['base-image'], slow: true },
  // Quick to get; each of its tests starts whole jobs.
  act: { what: 'act', programs: ['act'], slow: true },
  kubernetes: {
    what: 'Kubernetes',
    programs: [
      ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubelet', 'kube-proxy'],
      ...['cni-ptp', 'cni-loopback', 'cni-portmap', 'cni-host-local'],
    ],
    // Its node runs containerd in the root of a current engine, and the image of a BuildKit.
    after: ['busybox', 'openssl', 'current-engine', 'buildkit'],
    slow: true,
  },
} as const satisfies Record<string, Need>;

export type NeedName = keyof typeof NEEDS;

export const NEED_NAMES = Object.keys(NEEDS) as readonly NeedName[];

export interface Need<Name extends string = string> {
  /** For messages. */
  readonly what: string;
  /** A machine that has all of these on its PATH has it. */
  readonly programs?: readonly string[];
  /** What else has to be there first. */
  readonly after?: readonly Name[];
  /** Is built from source, or takes a minute and more otherwise: `npm test` alone leaves it to `npm run test:full`. */
  readonly slow?: boolean;
  /** Whether it is left to it even where this machine has the tool: what takes long is to use it. */
  readonly always?: boolean;
}

export function need(name: NeedName): Need<NeedName> {
  return NEEDS[name];
}

export function isNeed(name: string): name is NeedName {
  return Object.hasOwn(NEEDS, name);
}

/** These, and what they need themselves, which comes before them. */
export function withPrerequisites(names: Iterable<NeedName>): Set<NeedName> {
  const all = new Set<NeedName>();
  const add = (name: NeedName) => {
    for (const before of need(name).after ?? []) add(before);
    all.add(name);
  };
  for (const name of names) add(name);
  return all;
}
