import { type Container, partsOfPort } from './container.ts';
import { shellWord } from './quote.ts';

/** A secret that is a file: where the machine keeps it, in memory, and where the container finds it. */
export interface SecretFile {
  readonly source: string;
  readonly path: string;
}

/**
 * The command that starts the container, for a shell. Values of secrets are not in it: a variable is named alone, and Docker takes
 * its value from the environment.
 *
 * @param files of secrets, to be mounted
 */
export function dockerRun(
  name: string,
  image: string,
  container: Container,
  files: readonly SecretFile[],
): string {
  const { command = [], args = [], user, memory, logDriver, network, privileged, stdin, tty } = container;
  const [entrypoint, ...first] = command;
  const ports = network === 'host' ? [] : (container.ports ?? []);
  const variables = (container.secrets ?? []).filter(({ name: variable }) => !variable.startsWith('/'));
  const options = [
    ['--detach'],
    ['--name', name],
    ['--restart', 'no'],
    ...(network === 'host' ? [['--network', 'host']] : []),
    ...ports.map((port) => ['--publish', published(port)]),
    ...(container.env ?? []).map((variable) => ['--env', `${variable.name}=${variable.value}`]),
    ...variables.map((variable) => ['--env', variable.name]),
    ...(container.volumes ?? []).map((volume) => ['--volume', volume]),
    ...files.map(({ source, path }) => ['--volume', `${source}:${path}:ro`]),
    ...(user ? [['--user', user]] : []),
    ...(memory ? [['--memory', memory]] : []),
    ...(logDriver ? [['--log-driver', logDriver]] : []),
    ...(privileged ? [['--privileged']] : []),
    ...(stdin ? [['--interactive']] : []),
    ...(tty ? [['--tty']] : []),
    ...(entrypoint === undefined ? [] : [['--entrypoint', entrypoint]]),
    [image, ...first, ...args],
  ];
  const lines = options.map((words) => words.map(shellWord).join(' '));
  return ['docker run', ...lines].join(' \\\n    ');
}

function published(port: string): string {
  const { host, container, protocol } = partsOfPort(port);
  return `${host}:${container}/${protocol}`;
}
