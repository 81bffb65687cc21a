import {
  type BackendOptions,
  type ExposeOptions,
  type JwtMapping,
  type PrefixedBackend,
  readBackends,
  readExposure,
  readJwtMapping,
  type SourceOptions,
} from '@gangway/openapi';
import { type Command, Option } from 'commander';
import { Misuse } from '../misuse.ts';

/** What the options that all three commands have in common say, by commander's names. */
export interface EmissionFlags {
  readonly dialect: 'auto' | 'openapi3' | 'swagger2';
  readonly backend?: string;
  readonly backends?: readonly string[];
  readonly audience?: string;
  readonly disableAuth?: true;
  readonly pathTranslation?: 'APPEND_PATH_TO_ADDRESS' | 'CONSTANT_ADDRESS';
  readonly deadline?: string;
  readonly protocol?: 'http/1.1' | 'h2';
  readonly apiKey?: true;
  readonly jwt?: readonly string[];
  readonly allOf?: readonly string[];
  readonly passthrough?: readonly string[];
  readonly cors?: true;
  readonly expose?: readonly string[];
  readonly wildcard?: readonly string[];
  readonly workspace?: string;
}

/** Adds the options that say what the gateway is to do with a document. */
export function emissionOptions(command: Command): Command {
  const several = (value: string, before: readonly string[] = []) => [...before, value];
  return command
    .addOption(
      new Option('--dialect <name>', 'what API Gateway gets; auto keeps the family of the document')
        .choices(['auto', 'openapi3', 'swagger2'])
        .default('auto'),
    )
    .option('--backend <url>', 'where requests go')
    .option(
      '--backends <line>',
      'where the paths with a prefix go: PREFIX=URL[,AUDIENCE]; the longest prefix wins; repeatable',
      several,
    )
    .option('--audience <audience>', 'audience of the ID token for the backend (default: its origin)')
    .option('--disable-auth', "send no ID token, and leave the caller's Authorization header alone")
    .addOption(
      new Option('--path-translation <name>', 'how the path of a request reaches the backend').choices([
        'APPEND_PATH_TO_ADDRESS',
        'CONSTANT_ADDRESS',
      ]),
    )
    .option('--deadline <seconds>', 'how long the backend may take to answer')
    .addOption(
      new Option('--protocol <name>', 'protocol that the backend speaks').choices(['http/1.1', 'h2']),
    )
    .option('--api-key', 'ask for a key on every operation that has no security of its own')
    .option(
      '--jwt <mapping>',
      'who issues the tokens of a security scheme: SCHEME=ISSUER[,JWKS_URI[,AUDIENCE…]], or SCHEME=firebase:PROJECT, google:CLIENT_ID, auth0:DOMAIN,AUDIENCE; repeatable',
      several,
    )
    .option(
      '--all-of <scheme>',
      'a security scheme that is required with the others of this option, where the document writes them as alternatives; repeatable',
      several,
    )
    .option('--passthrough <scheme>', 'a security scheme that only the backend checks; repeatable', several)
    .option('--cors', 'let preflight requests through on every path')
    .option(
      '--expose <pattern>',
      'operations to offer: a path with * and **, or tag:NAME; ! in front leaves out; repeatable',
      several,
    )
    .option('--wildcard <path>', 'a path whose last variable spans segments; repeatable', several)
    .option(
      '--workspace <folder>',
      'folder that files which the document refers to may lie in, and that paths are shown from (default: the current one)',
    );
}

/** Reads them. */
export function readEmission(flags: EmissionFlags): SourceOptions {
  const { allOf, passthrough, expose, wildcard } = flags;
  const backend = readBackend(flags);
  const backends = readPrefixes(flags);
  return {
    dialect: flags.dialect,
    ...(backend === undefined ? {} : { backend }),
    ...(backends === undefined ? {} : { backends }),
    apiKey: flags.apiKey === true,
    jwt: (flags.jwt ?? []).map(readJwt),
    cors: flags.cors === true,
    ...(allOf === undefined ? {} : { allOf }),
    ...(passthrough === undefined ? {} : { passthrough }),
    ...(expose === undefined ? {} : { expose: readExpose(expose) }),
    ...(wildcard === undefined ? {} : { wildcards: wildcard }),
  };
}

function readBackend(flags: EmissionFlags): BackendOptions | undefined {
  const { backend: address, audience, deadline, protocol, pathTranslation } = flags;
  const disableAuth = flags.disableAuth === true;
  if (address === undefined) {
    if (flags.backends !== undefined && audience === undefined) return undefined;
    if (audience ?? deadline ?? protocol ?? pathTranslation ?? (disableAuth || undefined))
      throw new Misuse(
        '--audience, --disable-auth, --path-translation, --deadline and --protocol need --backend.',
      );
    return undefined;
  }
  if (!/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(address))
    throw new Misuse(`--backend ${address} is not an https URL.`);
  if (disableAuth && audience !== undefined)
    throw new Misuse('--audience and --disable-auth exclude each other.');
  const seconds = readDeadline(flags);
  return {
    address,
    ...(audience === undefined ? {} : { jwtAudience: audience }),
    ...(disableAuth ? { disableAuth } : {}),
    ...(pathTranslation === undefined ? {} : { pathTranslation }),
    ...(seconds === undefined ? {} : { deadline: seconds }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function readPrefixes(flags: EmissionFlags): readonly PrefixedBackend[] | undefined {
  if (flags.backends === undefined) return undefined;
  const { disableAuth, pathTranslation, protocol } = flags;
  const deadline = readDeadline(flags);
  const backends = readBackends(flags.backends, {
    ...(disableAuth ? { disableAuth } : {}),
    ...(pathTranslation === undefined ? {} : { pathTranslation }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(protocol === undefined ? {} : { protocol }),
  });
  if ('problem' in backends) throw new Misuse(`--backends ${backends.line}: ${backends.problem}.`);
  return backends;
}

function readDeadline({ deadline }: EmissionFlags): number | undefined {
  if (deadline !== undefined && !(Number(deadline) > 0))
    throw new Misuse(`--deadline ${deadline} is not a number of seconds.`);
  return deadline === undefined ? undefined : Number(deadline);
}

function readExpose(patterns: readonly string[]): ExposeOptions {
  const exposure = readExposure(patterns);
  if ('problem' in exposure) throw new Misuse(`--expose ${exposure.pattern}: ${exposure.problem}.`);
  return exposure;
}

function readJwt(text: string): JwtMapping {
  const mapping = readJwtMapping(text);
  if ('problem' in mapping) throw new Misuse(`--jwt ${text}: ${mapping.problem}.`);
  return mapping;
}
