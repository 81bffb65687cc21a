import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { KeyRestrictions as Restrictions } from '../../../contracts.ts';
import type { CompiledOperation } from '../import/compiled.ts';
import { methodName } from '../import/operations/names.ts';
import { Rejection } from './rejection.ts';
import type { Surroundings } from './surroundings.ts';

/** What of a request the key check looks at. */
export interface Caller {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  readonly address: string;
}

/** Headers that tell the backend who pays. */
export interface Consumer {
  readonly type: 'PROJECT';
  readonly number: string;
}

const UNREGISTERED =
  "UNAUTHENTICATED: Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";

/**
 * Checks the request's API key as Service Control does; a key that is not needed is still checked when it
 * is there.
 *
 * @param service name of the managed service
 * @returns whose key it is; undefined when there is none and none is needed
 * @throws Rejection 401 without a key, 400 for one that is not good, 403 for one that is not meant for this
 */
export function checkApiKey(
  { apiKeys, apis, project }: Pick<Surroundings, 'apiKeys' | 'apis' | 'project'>,
  service: string,
  operation: CompiledOperation,
  caller: Caller,
): Consumer | undefined {
  const presented = keyOf(operation, caller);
  if (presented === undefined) {
    if (operation.allowUnregistered) return undefined;
    throw new Rejection(401, UNREGISTERED);
  }
  const key = apiKeys.find(presented);
  if (!key || key.deleted)
    throw new Rejection(400, 'INVALID_ARGUMENT: API key not valid. Please pass a valid API key.');
  if (!apis.isEnabled(service)) throw denied(`API ${service} is not enabled for the project.`);
  const { restrictions } = key;
  // Google's own text begins with a space.
  if (!isTargeted(restrictions, service, operation))
    throw denied(' The API targeted by this request is invalid for the given API key.');
  checkClient(restrictions, caller);
  return { type: 'PROJECT', number: project.number };
}

function keyOf({ apiKeyLocations }: CompiledOperation, { headers, query }: Caller): string | undefined {
  for (const location of apiKeyLocations) {
    const value = location.in === 'query' ? query.get(location.name) : headers[location.name.toLowerCase()];
    const key = Array.isArray(value) ? value[0] : value;
    if (key) return key;
  }
  return undefined;
}

function isTargeted(
  { apiTargets = [] }: Restrictions,
  service: string,
  { operationId }: CompiledOperation,
): boolean {
  if (apiTargets.length === 0) return true;
  return apiTargets.some(({ service: target, methods = [] }) => {
    if (target !== service) return false;
    return methods.length === 0 || methods.some((method) => isMethod(method, operationId));
  });
}

/** `*`, `Get*`, `GetShelf` or a full selector, which ends in the method's name. */
function isMethod(pattern: string, operationId: string): boolean {
  const method = methodName(operationId);
  const last = pattern.split('.').at(-1) ?? pattern;
  return last.endsWith('*') ? method.startsWith(last.slice(0, -1)) : last === method || last === operationId;
}

function checkClient(restrictions: Restrictions, { headers, address }: Caller): void {
  const { serverKeyRestrictions, browserKeyRestrictions, androidKeyRestrictions, iosKeyRestrictions } =
    restrictions;
  if (serverKeyRestrictions && !isInRanges(address, serverKeyRestrictions.allowedIps ?? []))
    throw denied('IP address blocked.');
  if (browserKeyRestrictions && !isReferrer(headers.referer, browserKeyRestrictions.allowedReferrers ?? []))
    throw denied('Referer blocked.');
  if (androidKeyRestrictions) {
    const certificate = plainHex(headers['x-android-cert']);
    const allowed = androidKeyRestrictions.allowedApplications?.some(
      ({ packageName, sha1Fingerprint }) =>
        packageName === headers['x-android-package'] && plainHex(sha1Fingerprint) === certificate,
    );
    if (!allowed) throw denied('Client application blocked.');
  }
  if (iosKeyRestrictions) {
    const bundle = headers['x-ios-bundle-identifier'];
    if (!iosKeyRestrictions.allowedBundleIds?.some((id) => id === bundle))
      throw denied('Client application blocked.');
  }
}

function isInRanges(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [start = '', prefix] = range.split('/');
    const family = isIPv6(start) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(start, family);
    else list.addSubnet(start, Number(prefix), family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** A `*` stands for any text; without a scheme, any scheme; without a path, any path below. */
function isReferrer(referrer: string | undefined, patterns: readonly string[]): boolean {
  if (!referrer) return false;
  return patterns.some((pattern) => {
    const source = pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'))
      .join('.*');
    const scheme = /^[a-z]+:\/\//i.test(pattern) ? '' : '(?:[a-z]+:\\/\\/)?';
    return new RegExp(`^${scheme}${source}(?:$|[/?#].*)`, 'i').test(referrer);
  });
}

function plainHex(value: string | string[] | undefined): string {
  return String(value ?? '')
    .replace(/:/g, '')
    .toLowerCase();
}

function denied(message: string): Rejection {
  return new Rejection(403, `PERMISSION_DENIED: ${message}`);
}
