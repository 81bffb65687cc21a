import type { CompiledBackend } from '../compiled.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { isObject, type JsonObject } from '../json.ts';

const EXTENSION = 'x-google-backend';
const DEFAULT_DEADLINE = 15;

/** How a dialect spells a backend's fields. */
interface Spelling {
  readonly jwtAudience: string;
  readonly disableAuth: string;
  readonly pathTranslation: string;
}

const SNAKE: Spelling = {
  jwtAudience: 'jwt_audience',
  disableAuth: 'disable_auth',
  pathTranslation: 'path_translation',
};
const CAMEL: Spelling = {
  jwtAudience: 'jwtAudience',
  disableAuth: 'disableAuth',
  pathTranslation: 'pathTranslation',
};

/**
 * Reads 2.0's `x-google-backend`, an object, at the root or in an operation
 * (https://cloud.google.com/endpoints/docs/openapi/openapi-extensions#x-google-backend).
 */
export function swagger2Backend(
  value: unknown,
  at: 'root' | 'operation',
  location: string,
  diagnostics: Diagnostics,
): CompiledBackend | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    diagnostics.error(location, `Extension ${EXTENSION} has invalid type. Valid type is java.util.Map`);
    return undefined;
  }
  // One backend for everything keeps the request's path; a backend of one operation is its whole address.
  return read(
    value,
    at === 'root' ? 'APPEND_PATH_TO_ADDRESS' : 'CONSTANT_ADDRESS',
    SNAKE,
    location,
    diagnostics,
  );
}

/** Reads 3.x's `x-google-api-management.backends` (https://cloud.google.com/api-gateway/docs/oasv3-extensions). */
export function openapi3Backends(
  value: unknown,
  file: string,
  diagnostics: Diagnostics,
): ReadonlyMap<string, CompiledBackend> {
  const location = `${file}: x-google-api-management`;
  const backends = new Map<string, CompiledBackend>();
  if (!isObject(value) || Object.keys(value).length === 0) {
    diagnostics.error(
      location,
      'Extension x-google-api-management does not have a valid value. backends must be set.',
    );
    return backends;
  }
  for (const [name, backend] of Object.entries(value)) {
    if (!isObject(backend)) {
      diagnostics.error(
        location,
        `Extension x-google-api-management does not have a valid value. Backend '${name}' must be an object.`,
      );
      continue;
    }
    if (typeof backend.address !== 'string') {
      diagnostics.error(
        location,
        `Extension x-google-api-management does not have a valid value. address must be set for backend '${name}'.`,
      );
      continue;
    }
    if (typeof backend.deadline === 'number' && backend.deadline < 0) {
      diagnostics.error(
        location,
        `Extension x-google-api-management does not have a valid value. deadline of backend '${name}' must not be negative.`,
      );
      continue;
    }
    const compiled = read(backend, 'APPEND_PATH_TO_ADDRESS', CAMEL, location, diagnostics);
    if (compiled) backends.set(name, compiled);
  }
  return backends;
}

/** Finds the backend a 3.x `x-google-backend` names. */
export function namedBackend(
  value: unknown,
  backends: ReadonlyMap<string, CompiledBackend>,
  location: string,
  diagnostics: Diagnostics,
): CompiledBackend | undefined {
  if (value === undefined) return undefined;
  const backend = typeof value === 'string' ? backends.get(value) : undefined;
  if (!backend) {
    diagnostics.error(
      location,
      `Extension ${EXTENSION} does not have a valid value. ${typeof value === 'string' ? value : JSON.stringify(value)} is not defined in x-google-api-management. Please check your OpenAPI spec to ensure all backend extensions are defined.`,
    );
  }
  return backend;
}

function read(
  value: JsonObject,
  defaultTranslation: CompiledBackend['pathTranslation'],
  spelling: Spelling,
  location: string,
  diagnostics: Diagnostics,
): CompiledBackend | undefined {
  const invalid = (details: string) => {
    diagnostics.error(
      location,
      `Extension ${EXTENSION} cannot be converted into proto type google.api.BackendRule. Details: ${details}`,
    );
    return undefined;
  };
  const known = ['address', 'deadline', 'protocol', ...Object.values(spelling)];
  const unknown = Object.keys(value).find((name) => !known.includes(name) && !name.startsWith('x-'));
  if (unknown) return invalid(`Cannot find field: ${unknown} in message google.api.BackendRule`);

  const { address, deadline = DEFAULT_DEADLINE, protocol = 'http/1.1' } = value;
  const jwtAudience = value[spelling.jwtAudience];
  const disableAuth = value[spelling.disableAuth] ?? false;
  const pathTranslation = value[spelling.pathTranslation] ?? defaultTranslation;
  if (address === undefined) return undefined;
  if (typeof address !== 'string' || !isAddress(address))
    return invalid(`Invalid backend address: ${JSON.stringify(address)}`);
  if (jwtAudience !== undefined && typeof jwtAudience !== 'string')
    return invalid(`Not a string value: ${JSON.stringify(jwtAudience)}`);
  if (typeof disableAuth !== 'boolean') return invalid(`Invalid bool value: ${JSON.stringify(disableAuth)}`);
  if (jwtAudience !== undefined && disableAuth) {
    return invalid(
      `Cannot set field google.api.BackendRule.disable_auth because another field google.api.BackendRule.jwt_audience belonging to the same oneof has already been set`,
    );
  }
  if (typeof deadline !== 'number') return invalid(`Not a double value: ${JSON.stringify(deadline)}`);
  if (pathTranslation !== 'APPEND_PATH_TO_ADDRESS' && pathTranslation !== 'CONSTANT_ADDRESS') {
    return invalid(
      `Invalid enum value: ${String(pathTranslation)} for enum type: google.api.BackendRule.PathTranslation`,
    );
  }
  if (protocol !== 'http/1.1' && protocol !== 'h2') return invalid(`Invalid protocol: ${String(protocol)}`);
  return {
    address,
    jwtAudience,
    disableAuth,
    pathTranslation,
    deadline: deadline > 0 ? deadline : DEFAULT_DEADLINE,
    protocol,
  };
}

function isAddress(address: string): boolean {
  return /^(https?|grpcs?):\/\/[^/]/.test(address) && URL.canParse(address);
}
