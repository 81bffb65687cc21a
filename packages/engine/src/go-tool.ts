import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
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
}

export const goTools = {
  act: { name: 'act', main: 'github.com/nektos/act', version: 'v0.2.87' },
  buildx: { name: 'docker-buildx', main: 'github.com/docker/buildx/cmd/buildx', version: 'v0.29.1' },
  buildkitd: { name: 'buildkitd', main: 'github.com/moby/buildkit/cmd/buildkitd', version: 'v0.25.1' },
  buildctl: { name: 'buildctl', main: 'github.com/moby/buildkit/cmd/buildctl', version: 'v0.25.1' },
  flyctl: { name: 'flyctl', main: 'github.com/superfly/flyctl', version: 'v0.4.83' },
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
  { name, main, version }: GoTool,
  onProgress: (line: string) => void,
): Promise<string | undefined> {
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
      await run(go, ['get', `${main}@${version}`], options);
      // Under another name first: what a build that was stopped leaves must not pass for the tool.
      await run(go, ['build', '-o', `${path}.new`, main], options);
      await rename(`${path}.new`, path);
      return path;
    } finally {
      await rm(module, { recursive: true, force: true });
    }
  });
}
