import { input, invalid } from '@gangway/action';
import {
  emptiable,
  type Pairs,
  readSecretReferences,
  type SecretReference,
  STRATEGIES,
  type Strategy,
  shaped,
  word,
} from '@gangway/settings';
import { readPorts } from './ports.ts';
import { readVolumes } from './volumes.ts';

/** How the container is run, as the inputs say it; undefined keeps what is there. */
export interface ContainerInputs {
  readonly ports: readonly string[] | undefined;
  readonly env: Pairs;
  readonly envStrategy: Strategy;
  readonly secrets: Readonly<Record<string, SecretReference>> | undefined;
  readonly secretsStrategy: Strategy;
  readonly volumes: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  /** `none` is the image's own, as of those below. */
  readonly user: string | undefined;
  readonly memory: string | undefined;
  readonly logDriver: string | undefined;
  readonly network: 'host' | 'bridge' | undefined;
  readonly privileged: boolean | undefined;
}

/** What a shell can export. */
const SECRET_NAME = /^[A-Za-z_]\w*$/;
/** What would change the programs of the machine itself, or a shell's own variables. */
const RESERVED =
  /^(PATH|HOME|IFS|ENV|UID|EUID|PPID|SHELLOPTS|_|RANDOM|SECONDS|LINENO|BASH\w*|LD_\w+|DOCKER_\w+|GODEBUG|GOTRACEBACK|name|image|id|run|began|metadata|said|token|answer|detail|status)$/;
/** What docker takes, and Docker's units (https://github.com/docker/go-units). */
const MEMORY = /^(none|\d+(\.\d+)?[bkmg]|\d+(\.\d+)?[KMG]i?)$/i;

/** @throws ActionError that names the input */
export function readContainer(): ContainerInputs {
  const env = input.pairList('env_vars');
  for (const name of Object.keys(env ?? {}))
    if (!/^[^\s=]+$/.test(name)) throw invalid('env_vars', name, 'a name has neither spaces nor "="');
  const secrets = readSecrets(env);
  return {
    ports: readPorts(),
    env,
    envStrategy: input.choice('env_vars_update_strategy', STRATEGIES),
    secrets,
    secretsStrategy: input.choice('secrets_update_strategy', STRATEGIES),
    volumes: readVolumes(),
    command: emptiable(input.words('command')),
    args: emptiable(input.words('args')),
    user: shaped(
      'user',
      input.optional('user'),
      /^[A-Za-z0-9_.][\w.-]*(:[\w.-]+)?$/,
      'write a user, or USER:GROUP, by name or number; none is that of the image',
    ),
    memory: shaped(
      'memory',
      input.optional('memory'),
      MEMORY,
      'write an amount such as 512m or 2g; none for no limit',
    ),
    logDriver: word('log_driver', input.optional('log_driver'), {
      'json-file': 'json-file',
      local: 'local',
      journald: 'journald',
      gcplogs: 'gcplogs',
      none: 'none',
    }),
    network: word('container_network', input.optional('container_network'), {
      bridge: 'bridge',
      host: 'host',
    }) as 'host' | 'bridge' | undefined,
    privileged: readFlag('privileged', input.optional('privileged')),
  };
}

function readFlag(name: string, value: string | undefined): boolean | undefined {
  const found = word(name, value, { true: 'true', false: 'false' });
  return found === undefined ? undefined : found === 'true';
}

function readSecrets(env: Pairs): ContainerInputs['secrets'] {
  const pairs = input.pairList('secrets');
  if (!pairs) return undefined;
  const secrets = readSecretReferences(pairs);
  for (const name of Object.keys(secrets)) {
    if (env && Object.hasOwn(env, name))
      throw invalid('secrets', name, `${name} is in env_vars too; keep one`);
    if (name.startsWith('/')) continue;
    if (!SECRET_NAME.test(name))
      throw invalid(
        'secrets',
        name,
        'use letters, digits and underscores in names of variables, and no digit first',
      );
    if (RESERVED.test(name))
      throw invalid(
        'secrets',
        name,
        `as a variable it would change the programs of the machine itself: mount it as a file, /secrets/${name.toLowerCase()}=SECRET:VERSION, or choose another name`,
      );
  }
  return secrets;
}
