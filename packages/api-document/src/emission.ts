import { input, invalid } from '@gangway/action';
import { isLoopback } from '@gangway/http';
import {
  type EmitOptions,
  type ExposeOptions,
  type JwtMapping,
  readExposure,
  readJwtMapping,
} from '@gangway/openapi';

/** Reads what is wished of the emitted document. */
export function readEmitOptions(): EmitOptions {
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
    ...(expose.length > 0 && { expose: readExpose(expose) }),
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

function readExpose(lines: readonly string[]): ExposeOptions {
  const exposure = readExposure(lines);
  if ('problem' in exposure) throw invalid('expose', exposure.pattern, exposure.problem);
  return exposure;
}
