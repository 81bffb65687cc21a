import { isIP } from 'node:net';
import type { KeyRestrictions } from '../../contracts.ts';
import { ApiError } from '../../kernel/errors.ts';

/** google.api.apikeys.v2.Restrictions: which APIs a key is good for, and from which clients. */
export type Restrictions = KeyRestrictions;

const CLIENTS = [
  'serverKeyRestrictions',
  'browserKeyRestrictions',
  'androidKeyRestrictions',
  'iosKeyRestrictions',
] as const;

/** @throws ApiError INVALID_ARGUMENT for restrictions the API Keys API does not take */
export function checkRestrictions(restrictions: Restrictions): void {
  const unknown = Object.keys(restrictions).find(
    (name) => name !== 'apiTargets' && !CLIENTS.some((client) => client === name),
  );
  if (unknown) throw invalid(`Unknown field '${unknown}' in restrictions.`);
  if (CLIENTS.filter((client) => restrictions[client] !== undefined).length > 1) {
    throw invalid('Only one type of client restrictions can be set: browser, server, android or ios.');
  }
  for (const { service } of restrictions.apiTargets ?? []) {
    if (!service) throw invalid('An API target must name a service.');
  }
  for (const ip of restrictions.serverKeyRestrictions?.allowedIps ?? []) {
    if (!isRange(ip)) throw invalid(`Invalid IP address or range: '${ip}'.`);
  }
  for (const { packageName, sha1Fingerprint } of restrictions.androidKeyRestrictions?.allowedApplications ??
    []) {
    if (!packageName || !/^([0-9A-Fa-f]{2}:?){20}$/.test(sha1Fingerprint ?? '')) {
      throw invalid('An Android application must have a package name and a SHA-1 fingerprint.');
    }
  }
}

function isRange(ip: string): boolean {
  const [address = '', prefix] = ip.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
