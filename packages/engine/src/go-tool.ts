import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory } from './cache.ts';
import { find, run } from './command.ts';
import { locked } from './lock.ts';

/** A program written in Go that tests run as their users do, at one version. */
export interface GoTool {
  /** Name of the program, e.g. `act`. */
  readonly name: string;
  /** Path of its main package, e.g. `github.com/nektos/act`. */
  readonly main: string;
  /** e.g. `v0.2.87` */
  readonly version: string;
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

export const goTools = {
  act: { name: 'act', main: 'github.com/nektos/act', version: 'v0.2.87' },
  buildx: { name: 'docker-buildx', main: 'github.com/docker/buildx/cmd/buildx', version: 'v0.29.1' },
  buildkitd: { name: 'buildkitd', main: 'github.com/moby/buildkit/cmd/buildkitd', version: 'v0.25.1' },
  buildctl: { name: 'buildctl', main: 'github.com/moby/buildkit/cmd/buildctl', version: 'v0.25.1' },
  flyctl: { name: 'flyctl', main: 'github.com/superfly/flyctl', version: 'v0.4.83' },
  etcd: { name: 'etcd', main: 'go.etcd.io/etcd/server/v3', version: 'v3.6.16' },
  apiserver: { name: 'kube-apiserver', main: 'k8s.io/kubernetes/cmd/kube-apiserver', ...KUBERNETES },
  controllerManager: {
    name: 'kube-controller-manager',
    main: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    ...KUBERNETES,
  },
  kubelet: { name: 'kubelet', main: 'k8s.io/kubernetes/cmd/kubelet', ...KUBERNETES },
} as const satisfies Record<string, GoTool>;

/** What a person does to have this tool. */
export function howToGet({ name, main, version }: GoTool): string {
  return `${name} ${version}: install Go (https://go.dev/dl/), and it is built by itself from ${main}`;
}

/**
 * Path of a tool at its version, in Gangway's cache, built there if it is not; undefined without Go.
 *
 * A module with `replace` lines can't be installed by `go install` (https://go.dev/ref/mod#go-install), so the tool is
 * built as a dependency of an empty module.
 */
export async function findGoTool(
  tool: GoTool,
  onProgress: (line: string) => void,
): Promise<string | undefined> {
  const { name, main, version, variables = {} } = tool;
  const directory = await cacheDirectory('tools', `${name}-${version}`);
  const path = join(directory, name);
  return locked(`tool-${name}`, async () => {
    if (existsSync(path)) return path;
    const [go] = find('go');
    if (!go) return undefined;
    onProgress(`Building ${name} ${version} with go build`);
    const module = await mkdtemp(join(tmpdir(), 'gangway-go-'));
    try {
      const env = { ...process.env, GOFLAGS: '-mod=mod', GOOS: '', GOARCH: '', CGO_ENABLED: '0' };
      const options = { cwd: module, env };
      await run(go, ['mod', 'init', 'tool'], options);
      await replaceStaged(go, tool, options);
      await run(go, ['get', `${main}@${version}`], options);
      const set = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
      const flags = `-ldflags=${['-s -w', ...set].join(' ')}`;
      // Under another name first: what a build that was stopped leaves must not pass for the tool.
      await run(go, ['build', flags, '-o', `${path}.new`, main], options);
      await rename(`${path}.new`, path);
      return path;
    } finally {
      await rm(module, { recursive: true, force: true });
    }
  });
}

/** In such a module's own repository its parts have no version; outside of it they have the one that goes with it. */
async function replaceStaged(
  go: string,
  { staged, version }: GoTool,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  if (!staged) return;
  const download = JSON.parse(await run(go, ['mod', 'download', '-json', `${staged}@${version}`], options));
  const requirements = await readFile((download as { GoMod: string }).GoMod, 'utf8');
  const parts = [...requirements.matchAll(/^\s+(\S+) v0\.0\.0$/gm)].map(([, part]) => part);
  const released = version.replace(/^v1\./, 'v0.');
  await run(go, ['mod', 'edit', ...parts.map((part) => `-replace=${part}=${part}@${released}`)], options);
}
