import { input, invalid } from '@gangway/action';
import { isLoopback } from '@gangway/http';
import {
  type EmitOptions,
  type ExposeOptions,
  type JwtMapping,
  type PrefixedBackend,
  readBackends,
  readExposure,
  readJwtMapping,
} from '@gangway/openapi';

/** Reads what is wished of the emitted document. */
export function readEmitOptions(): EmitOptions {
  const address = input.optional('backend');
  const deadline = input.integer('backend_deadline', { min: 1, max: 3600 });
  const jwtAudience = input.optional('backend_audience');
  if (address) checkAddress('backend', address);
  else if (jwtAudience)
    throw invalid(
      'backend_audience',
      jwtAudience,
      'set backend too; a document says the audience of its own backends itself',
    );
  const backends = readPrefixes(deadline);
  const expose = input.lines('expose');
  return {
    dialect: input.choice('dialect', ['auto', 'openapi3', 'swagger2'] as const),
    ...(address && {
      backend: {
        address: address.replace(/\/$/, ''),
        ...(jwtAudience && { jwtAudience }),
        ...(deadline && { deadline }),
      },
    }),
    ...(backends.length > 0 && { backends }),
    apiKey: input.boolean('api_key'),
    jwt: input.lines('jwt').map(readJwt),
    passthrough: input.list('passthrough'),
    allOf: readAllOf(),
    cors: input.boolean('cors'),
    wildcards: input.lines('wildcards'),
    ...(expose.length > 0 && { expose: readExpose(expose) }),
  };
}

function readAllOf(): readonly string[] {
  const schemes = input.list('all_of');
  if (schemes.length === 1)
    throw invalid(
      'all_of',
      schemes[0] ?? '',
      'name at least two security schemes, such as APIKeyHeader, HTTPBearer',
    );
  return schemes;
}

function readPrefixes(deadline: number | undefined): readonly PrefixedBackend[] {
  const backends = readBackends(input.lines('backends'), deadline ? { deadline } : {});
  if ('problem' in backends) throw invalid('backends', backends.line, backends.problem);
  for (const { address } of backends) checkAddress('backends', address);
  return backends;
}

function checkAddress(name: string, address: string): void {
  const url = URL.parse(address);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host)))) {
    throw invalid(name, address, 'write an https URL, e.g. the url output of deploy-cloud-run');
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
