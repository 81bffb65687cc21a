import type { Report } from '../../diagnostic.ts';
import { asObject, asText, type Json, type JsonObject, own } from '../../json.ts';
import type { BackendOptions } from '../../options.ts';
import { below, type Place, ROOT } from '../../place.ts';
import type { ApiDocument } from '../document.ts';
import { checkAddress, isAddress, isPlaceholder } from './address.ts';

/** A backend in neither dialect's words. */
export interface Backend {
  /** Its name among `x-google-api-management.backends`, if it has one. */
  readonly name?: string;
  readonly address?: string;
  readonly jwtAudience?: string;
  readonly disableAuth?: boolean;
  readonly pathTranslation?: string;
  readonly deadline?: number;
  readonly protocol?: string;
}

/** The backend asked for, complete: API Gateway wants the audience or its absence said. */
export function backendOf(options: BackendOptions, report: Report): Backend {
  const { address } = options;
  checkAddress(address, ROOT, report);
  if (!isAddress(address) && !isPlaceholder(address)) {
    report(
      'backend-invalid',
      ROOT,
      `The address of the backend, ${address}, is not a URL with scheme, host and path.`,
    );
  }
  if (options.disableAuth === true && options.jwtAudience !== undefined) {
    report('backend-invalid', ROOT, 'The backend has both an audience and no authentication.');
  }
  const { disableAuth, jwtAudience, ...rest } = options;
  return {
    name: 'backend',
    ...rest,
    address: address.replace(/\/+$/, ''),
    ...(disableAuth === true ? { disableAuth } : { jwtAudience: jwtAudience ?? originOf(address) }),
    pathTranslation: options.pathTranslation ?? 'APPEND_PATH_TO_ADDRESS',
  };
}

/** The scheme and host of an address: ESPv2's default audience. */
export function originOf(address: string): string {
  return /^[a-z]+:\/\/[^/?#]+/i.exec(address)?.[0] ?? address;
}

/**
 * The `x-google-backend` of a document's root or of an operation, in either dialect: an object (2.0) or the name of
 * a backend of `x-google-api-management` (3.x). The default path translation depends on where it stands, so it is
 * made explicit: https://cloud.google.com/endpoints/docs/openapi/openapi-extensions#x-google-backend.
 */
export function readBackend(
  document: ApiDocument,
  holder: JsonObject,
  place: Place,
  report: Report,
): Backend | undefined {
  const value = own(holder, 'x-google-backend');
  if (value === undefined) return undefined;
  const at = below(place, 'x-google-backend');
  const described = typeof value === 'string' ? namedBackend(document, value) : asObject(value);
  if (described === undefined) {
    report(
      'backend-undefined',
      at,
      `No backend of x-google-api-management is called ${JSON.stringify(value)}.`,
    );
    return undefined;
  }
  const backend = backendFrom(described, typeof value === 'string' ? value : undefined);
  if (backend.address !== undefined) {
    const home = typeof value === 'string' ? below(BACKENDS, value) : at;
    checkAddress(backend.address, below(home, 'address'), report);
  }
  if (backend.disableAuth === true && backend.jwtAudience !== undefined) {
    report('backend-invalid', at, 'The backend has both an audience and no authentication.');
  }
  if (typeof value === 'string' && backend.address === undefined) {
    report('backend-invalid', at, `The backend ${value} has no address.`);
    return undefined;
  }
  if (backend.address === undefined || backend.pathTranslation !== undefined) return backend;
  const pathTranslation = place === ROOT ? 'APPEND_PATH_TO_ADDRESS' : 'CONSTANT_ADDRESS';
  return { ...backend, pathTranslation };
}

const BACKENDS = '#/x-google-api-management/backends';

/** A time; a number in quotes is one to Google too. */
function asSeconds(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function namedBackend(document: ApiDocument, name: string): JsonObject | undefined {
  const management = asObject(own(document.root, 'x-google-api-management'));
  return asObject(own(asObject(own(management, 'backends')), name));
}

/** A backend from its fields, in the spelling of either dialect; what has the wrong type is as good as absent. */
export function backendFrom(fields: JsonObject, name?: string): Backend {
  const text = (...keys: string[]): string | undefined => firstOf(fields, keys, asText);
  const address = text('address');
  const jwtAudience = text('jwtAudience', 'jwt_audience');
  const disableAuth = firstOf(fields, ['disableAuth', 'disable_auth'], (value) =>
    value === true ? true : undefined,
  );
  const pathTranslation = text('pathTranslation', 'path_translation');
  const deadline = firstOf(fields, ['deadline'], asSeconds);
  const protocol = text('protocol');
  return {
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
    ...(jwtAudience === undefined ? {} : { jwtAudience }),
    ...(disableAuth === undefined ? {} : { disableAuth }),
    ...(pathTranslation === undefined ? {} : { pathTranslation }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function firstOf<T>(
  fields: JsonObject,
  keys: readonly string[],
  read: (value: Json | undefined) => T | undefined,
): T | undefined {
  for (const key of keys) {
    const value = read(own(fields, key));
    if (value !== undefined) return value;
  }
  return undefined;
}
