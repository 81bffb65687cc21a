import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { input, invalid } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { isLoopback } from '@gangway/google-cloud';
import { type EmitOptions, type JwtMapping, readJwtMapping } from '@gangway/openapi';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly api: string;
  readonly gateway: string;
  readonly location: string;
  /** Path of the document. */
  readonly spec: string;
  readonly emit: EmitOptions;
  readonly gatewayServiceAccount: string | undefined;
  readonly enableService: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

const ID_HINT = 'use lower-case letters, digits and dashes, and do not start with a dash';

export function readInputs(): Inputs {
  const api = input.matching('api', /^[a-z0-9][a-z0-9-]{0,62}$/, ID_HINT);
  const gateway = input.optional('gateway') ?? api;
  if (!/^[a-z0-9][a-z0-9-]{0,48}$/.test(gateway)) throw invalid('gateway', gateway, `${ID_HINT}; 49 at most`);
  const gatewayServiceAccount = input.optional('gateway_service_account');
  if (gatewayServiceAccount && !/^[^@\s:]+@[^@\s]+\.gserviceaccount\.com$/.test(gatewayServiceAccount)) {
    throw invalid(
      'gateway_service_account',
      gatewayServiceAccount,
      'write the e-mail address of a service account',
    );
  }
  return {
    google: readGoogleInputs(input),
    api,
    gateway,
    location: input.matching('location', /^[a-z]+-[a-z]+\d+$/, 'write a region such as us-central1'),
    spec: readSpecPath(),
    emit: readEmitOptions(),
    gatewayServiceAccount,
    enableService: input.boolean('enable_service'),
    timeout: input.duration('timeout'),
  };
}

function readSpecPath(): string {
  const path = input.required('spec');
  if (!['.json', '.yaml', '.yml'].includes(extname(path)))
    throw invalid('spec', path, 'API Gateway takes files that end in .json, .yaml or .yml');
  if (!existsSync(path))
    throw invalid(
      'spec',
      path,
      'there is no such file; is actions/checkout, or the step that makes it, before this one?',
    );
  return path;
}

function readEmitOptions(): EmitOptions {
  const address = input.optional('backend');
  const deadline = input.integer('backend_deadline', { min: 1, max: 3600 });
  if (address) checkAddress(address);
  const expose = input.lines('expose');
  return {
    dialect: input.choice('dialect', ['auto', 'openapi3', 'swagger2'] as const),
    ...(address && { backend: { address: address.replace(/\/$/, ''), ...(deadline && { deadline }) } }),
    apiKey: input.boolean('api_key'),
    jwt: input.lines('jwt').map(readJwt),
    passthrough: input.list('passthrough'),
    cors: input.boolean('cors'),
    wildcards: input.lines('wildcards'),
    ...(expose.length > 0 && {
      expose: {
        include: expose.filter((pattern) => !pattern.startsWith('!')),
        exclude: expose.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
      },
    }),
  };
}

function checkAddress(address: string): void {
  const url = URL.parse(address);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host)))) {
    throw invalid('backend', address, 'write an https URL, e.g. the url output of deploy-cloud-run');
  }
}

function readJwt(line: string): JwtMapping {
  const mapping = readJwtMapping(line);
  if ('problem' in mapping) throw invalid('jwt', line, mapping.problem);
  return mapping;
}
