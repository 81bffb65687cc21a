import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type BackendOptions,
  type ExposeOptions,
  type JwtMapping,
  readExposure,
  readJwtMapping,
  type SourceOptions,
} from '@gangway/openapi';

export const USAGE = `npm run --silent openapi -- check FILE…          say what API Gateway would take, refuse or lose
npm run --silent openapi -- emit FILE            write the document as API Gateway takes it
npm run --silent openapi -- diff BEFORE AFTER    say what changes for callers

FILE is OpenAPI 2.0, 3.0 or 3.1 in YAML or JSON; - is standard input.

  --dialect auto|openapi3|swagger2   auto keeps the document's own family
  --backend URL                      where requests go
  --audience AUDIENCE                of the ID token for the backend; its origin when absent
  --disable-auth                     no ID token, and the caller's Authorization header left alone
  --path-translation NAME            APPEND_PATH_TO_ADDRESS or CONSTANT_ADDRESS
  --deadline SECONDS, --protocol http/1.1|h2
  --api-key                          a key for every operation that has no security of its own
  --jwt SCHEME=ISSUER[,JWKS_URI[,AUDIENCE…]]   or SCHEME=firebase:PROJECT, google:CLIENT_ID, auth0:DOMAIN,AUDIENCE
  --passthrough SCHEME               a scheme that only the backend checks
  --cors                             preflight operations on every path
  --expose PATTERN                   a path with * and **, or tag:NAME; ! in front leaves out
  --wildcard PATH                    a path whose last variable spans segments
  --output FILE                      instead of standard output
  --json                             diagnostics as one JSON object a line, a difference as JSON
  --markdown                         a difference as Markdown
  --notes                            every note, not one of a kind

Exit status: 0 clean or warnings, 1 errors in the document, 2 wrong use.`;

/** What the command line asks for. */
export interface Arguments {
  readonly command: 'check' | 'emit' | 'diff' | 'help';
  readonly files: readonly string[];
  readonly options: SourceOptions;
  readonly output: string | undefined;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly notes: boolean;
}

const LIST = { type: 'string', multiple: true } as const;
const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const OPTIONS = {
  dialect: TEXT,
  backend: TEXT,
  audience: TEXT,
  'disable-auth': FLAG,
  'path-translation': TEXT,
  deadline: TEXT,
  protocol: TEXT,
  'api-key': FLAG,
  jwt: LIST,
  passthrough: LIST,
  cors: FLAG,
  expose: LIST,
  wildcard: LIST,
  output: TEXT,
  json: FLAG,
  markdown: FLAG,
  notes: FLAG,
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

class Misuse extends Error {}

/** Reads the command line, or says what is wrong with it. */
export function readArguments(args: readonly string[]): Arguments | { readonly problem: string } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [command = '', ...files] = positionals;
    return {
      command: readCommand(values.help === true ? 'help' : command, files),
      files,
      options: readOptions(values),
      output: values.output,
      json: values.json === true,
      markdown: values.markdown === true,
      notes: values.notes === true,
    };
  } catch (error) {
    if (error instanceof Misuse || (error instanceof TypeError && 'code' in error))
      return { problem: error.message };
    throw error;
  }
}

function readCommand(command: string, files: readonly string[]): Arguments['command'] {
  if (command === 'help') return command;
  if (command !== 'check' && command !== 'emit' && command !== 'diff')
    throw new Misuse(command === '' ? 'Say what to do.' : `There is no command ${command}.`);
  const wanted = { check: 'at least one file', emit: 'one file', diff: 'two files' }[command];
  const fits = { check: files.length > 0, emit: files.length === 1, diff: files.length === 2 }[command];
  if (!fits) throw new Misuse(`${command} takes ${wanted}.`);
  const missing = files.find((file) => file !== '-' && !existsSync(file));
  if (missing !== undefined) throw new Misuse(`There is no file ${missing}.`);
  if (files.filter((file) => file === '-').length > 1)
    throw new Misuse('Standard input can be read once only.');
  return command;
}

function readOptions(values: Values): SourceOptions {
  const { passthrough, expose, wildcard } = values;
  const backend = readBackend(values);
  return {
    dialect: oneOf('dialect', values.dialect ?? 'auto', ['auto', 'openapi3', 'swagger2'] as const),
    ...(backend === undefined ? {} : { backend }),
    apiKey: values['api-key'] === true,
    jwt: (values.jwt ?? []).map(readJwt),
    cors: values.cors === true,
    ...(passthrough === undefined ? {} : { passthrough }),
    ...(expose === undefined ? {} : { expose: readExpose(expose) }),
    ...(wildcard === undefined ? {} : { wildcards: wildcard }),
  };
}

function readBackend(values: Values): BackendOptions | undefined {
  const { backend: address, audience, deadline, protocol } = values;
  const translation = values['path-translation'];
  const disableAuth = values['disable-auth'] === true;
  if (address === undefined) {
    if (audience ?? deadline ?? protocol ?? translation ?? (disableAuth || undefined))
      throw new Misuse(
        '--audience, --disable-auth, --path-translation, --deadline and --protocol need --backend.',
      );
    return undefined;
  }
  if (!/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(address))
    throw new Misuse(`--backend ${address} is not an https URL.`);
  if (disableAuth && audience !== undefined)
    throw new Misuse('--audience and --disable-auth exclude each other.');
  if (deadline !== undefined && !(Number(deadline) > 0))
    throw new Misuse(`--deadline ${deadline} is no number of seconds.`);
  return {
    address,
    ...(audience === undefined ? {} : { jwtAudience: audience }),
    ...(disableAuth ? { disableAuth } : {}),
    ...(translation === undefined
      ? {}
      : {
          pathTranslation: oneOf('path-translation', translation, [
            'APPEND_PATH_TO_ADDRESS',
            'CONSTANT_ADDRESS',
          ] as const),
        }),
    ...(deadline === undefined ? {} : { deadline: Number(deadline) }),
    ...(protocol === undefined ? {} : { protocol: oneOf('protocol', protocol, ['http/1.1', 'h2'] as const) }),
  };
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

function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new Misuse(`--${name} is one of ${values.join(', ')}.`);
  return found;
}
