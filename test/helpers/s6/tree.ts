import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A service of an s6-rc source directory (https://skarnet.org/software/s6-rc/s6-rc-compile.html). */
interface Service {
  readonly name: string;
  readonly type: string;
  /** Where its files are. */
  readonly directory: string;
  readonly dependencies: readonly string[];
  /** Of a bundle. */
  readonly contents: readonly string[];
}

export interface Tree {
  readonly services: ReadonlyMap<string, Service>;
  /** The oneshots and longruns of the bundle `user`, each after what it depends on. */
  readonly order: readonly Service[];
  /** What s6-rc-compile, or s6-overlay, would not take or would misunderstand. */
  readonly problems: readonly string[];
}

/** Services that s6-overlay itself defines. */
const OVERLAY = new Set(['base', 'user', 'user2', 'top', 'legacy-cont-init', 'legacy-services', 'fix-attrs']);
const TIMEOUTS = ['timeout-up', 'timeout-down', 'timeout-kill', 'timeout-finish'];

/**
 * Reads the service tree of an image's root and checks it, as s6-rc-compile would when the container starts.
 *
 * @param root of the image, with `etc/s6-overlay` in it
 */
export function readTree(root: string): Tree {
  const overlay = join(root, 'etc/s6-overlay');
  const problems: string[] = [];
  const services = new Map(
    ['s6-rc.d', 'user-bundles.d']
      .flatMap((folder) =>
        names(join(overlay, folder)).map((name) => read(name, join(overlay, folder, name))),
      )
      .map((service) => [service.name, service]),
  );
  for (const service of services.values()) problems.push(...problemsOf(service, services, root));
  const order: Service[] = [];
  const user = services.get('user');
  if (!user) problems.push('There is no bundle "user": s6-overlay would start nothing.');
  for (const name of user?.contents ?? []) visit(name, services, order, [], problems);
  for (const { name, type } of services.values()) {
    if (type !== 'bundle' && !order.some((other) => other.name === name))
      problems.push(`${name} is in no bundle that is started, and nothing depends on it.`);
  }
  return { services, order, problems };
}

function read(name: string, directory: string): Service {
  return {
    name,
    directory,
    type: text(directory, 'type').trim(),
    dependencies: names(join(directory, 'dependencies.d')),
    contents: names(join(directory, 'contents.d')),
  };
}

function problemsOf(
  { name, type, directory, dependencies, contents }: Service,
  services: ReadonlyMap<string, Service>,
  root: string,
): string[] {
  const problems: string[] = [];
  const unknown = [...dependencies, ...contents].filter(
    (other) => !services.has(other) && !OVERLAY.has(other),
  );
  for (const other of unknown) problems.push(`${name} names ${other}, which is no service.`);
  for (const file of TIMEOUTS) {
    const value = text(directory, file).trim();
    if (value !== '' && !/^\d+$/.test(value))
      problems.push(`${name}/${file} is "${value}", not milliseconds.`);
  }
  if (type === 'oneshot') problems.push(...problemsOfOneshot(name, directory, root));
  else if (type === 'longrun') problems.push(...problemsOfLongrun(name, directory));
  else if (type !== 'bundle')
    problems.push(`${name}/type is "${type}": it must be oneshot, longrun or bundle.`);
  if (type === 'bundle' && contents.length === 0) problems.push(`The bundle ${name} is empty.`);
  if (type === 'bundle' && dependencies.length > 0)
    problems.push(`The bundle ${name} can't have dependencies.`);
  return problems;
}

/** `up` is a command line of execline, not a script: a shell's words in it would be taken for a program's arguments. */
function problemsOfOneshot(name: string, directory: string, root: string): string[] {
  const up = text(directory, 'up').trim();
  if (up === '') return [`The oneshot ${name} has no up.`];
  if (up.includes('\n') || up.startsWith('#!')) return [`${name}/up must be one command line, not a script.`];
  const [program = ''] = up.split(/\s+/);
  return program.startsWith('/etc/') ? problemsOfScript(`${name}/up`, join(root, program)) : [];
}

function problemsOfLongrun(name: string, directory: string): string[] {
  const problems = problemsOfScript(name, join(directory, 'run'));
  if (existsSync(join(directory, 'finish')))
    problems.push(...problemsOfScript(name, join(directory, 'finish')));
  const fd = text(directory, 'notification-fd').trim();
  if (fd !== '' && !(/^\d+$/.test(fd) && Number(fd) > 2))
    problems.push(`${name}/notification-fd is "${fd}": it must be a file descriptor above 2.`);
  if (fd !== '' && !new RegExp(`>&${fd}\\b`).test(text(directory, 'run')))
    problems.push(`${name}/run never writes to file descriptor ${fd}: it would never be ready.`);
  return problems;
}

function problemsOfScript(what: string, path: string): string[] {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return [`${what} needs ${path.split('/').slice(-2).join('/')}, which is not there or not executable.`];
  }
  return readFileSync(path, 'utf8').startsWith('#!') ? [] : [`${what}: the script has no #! line.`];
}

function visit(
  name: string,
  services: ReadonlyMap<string, Service>,
  order: Service[],
  path: readonly string[],
  problems: string[],
): void {
  const service = services.get(name);
  if (!service || order.includes(service)) return;
  if (path.includes(name)) {
    problems.push(`${[...path.slice(path.indexOf(name)), name].join(' needs ')}: none could ever start.`);
    return;
  }
  for (const other of [...service.dependencies, ...service.contents])
    visit(other, services, order, [...path, name], problems);
  if (service.type !== 'bundle') order.push(service);
}

function names(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

function text(directory: string, file: string): string {
  const path = join(directory, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
