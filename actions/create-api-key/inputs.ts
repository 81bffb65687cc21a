import { isIP } from 'node:net';
import { ActionError, input, invalid, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, REFUSED_SIGN_IN, readGoogleInputs } from '@gangway/auth';
import { DECLARED } from './declared-inputs.ts';
import type { SecretName } from './store.ts';

/** What a key may call: a service, and only some of its methods if any are named. */
interface ApiTarget {
  readonly service: string;
  readonly methods?: readonly string[];
}

export interface Inputs {
  readonly google: GoogleInputs;
  readonly keyId: string;
  readonly displayName: string;
  readonly targets: readonly ApiTarget[];
  readonly allowedIps: readonly string[];
  readonly allowedReferrers: readonly string[];
  /** Where to store the string in place of an output. */
  readonly secret: SecretName | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

const KEY_ID = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const SERVICE = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/;

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED_SIGN_IN);
  const keyId = input.matching(
    'key_id',
    KEY_ID,
    'use lower-case letters, digits and dashes, starting with a letter, 63 at most',
  );
  if (UUID.test(keyId)) throw invalid('key_id', keyId, 'choose a word; Google keeps UUIDs for itself');
  const displayName = input.optional('display_name') ?? keyId;
  if (displayName.length > 63) throw invalid('display_name', displayName, 'shorten it to 63 characters');
  input.required(
    'services',
    'name the services the key may call; a key without them could call every API of the project',
  );
  const allowedIps = input.list('allowed_ips');
  const allowedReferrers = input.list('allowed_referrers');
  for (const address of allowedIps) {
    if (!isAddress(address))
      throw invalid('allowed_ips', address, 'write an IP address or a CIDR range such as 203.0.113.0/24');
  }
  if (allowedIps.length > 0 && allowedReferrers.length > 0) {
    throw new ActionError(
      'Inputs "allowed_ips" and "allowed_referrers" exclude each other, and both are set.',
      {
        code: 'input-conflict',
        hint: 'keep one, or make two keys',
      },
    );
  }
  return {
    google: readGoogleInputs(input),
    keyId,
    displayName,
    targets: input.lines('services').map(readTarget),
    allowedIps,
    allowedReferrers,
    secret: readSecret(),
    timeout: input.duration('timeout'),
  };
}

function readSecret(): SecretName | undefined {
  const given = input.optional('secret');
  if (!given) return undefined;
  const [, project, id] = /^(?:projects\/([^/]+)\/secrets\/)?([A-Za-z0-9_-]{1,255})\/?$/.exec(given) ?? [];
  if (!id)
    throw invalid(
      'secret',
      given,
      'write the name of a secret, of letters, digits, dashes and underscores, or projects/PROJECT/secrets/NAME',
    );
  return { project, id };
}

function readTarget(line: string): ApiTarget {
  const [service = '', ...methods] = line.split(/[\s,]+/);
  if (!SERVICE.test(service))
    throw invalid(
      'services',
      service,
      'write a full service name, e.g. the managed_service output of deploy-api-config',
    );
  return methods.length > 0 ? { service, methods } : { service };
}

function isAddress(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
