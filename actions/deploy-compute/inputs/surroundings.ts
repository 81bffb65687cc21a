import { isIP } from 'node:net';
import { input, invalid } from '@gangway/action';
import { type Question, readQuestion, shaped } from '@gangway/settings';

/** What stands around the machine, and what it is asked. */
export interface Surroundings {
  /** Name of a reserved address, `none` for no external address, or undefined to keep what is there. */
  readonly address: string | undefined;
  readonly createAddress: boolean;
  /** Ranges from which the ports can be reached by a firewall rule of ours. */
  readonly allowFrom: readonly string[];
  readonly check: Check | undefined;
}

/** What must answer once the machine runs. */
export interface Check extends Question {
  /** Milliseconds. */
  readonly timeout: number;
}

/** @param timeout of the step in milliseconds, which a check doesn't outlast */
export function readSurroundings(timeout: number): Surroundings {
  const address = shaped(
    'address',
    input.optional('address'),
    /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'write the name of a reserved address, not the address itself; none for no external address',
  );
  const createAddress = input.boolean('create_address');
  if (createAddress && (address === undefined || address === 'none'))
    throw invalid(
      'create_address',
      'true',
      'set address to the name of the address to create, or leave it out',
    );
  const question = input.optional('check_url');
  const patience = Math.min(input.duration('check_timeout'), timeout);
  return {
    address,
    createAddress,
    allowFrom: input.list('allow_from').map(readRange),
    check: question === undefined ? undefined : { ...readQuestion('check_url', question), timeout: patience },
  };
}

function readRange(range: string): string {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(range) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(bits) > (version === 4 ? 32 : 128))
    throw invalid('allow_from', range, 'write ranges of addresses such as 0.0.0.0/0 or 203.0.113.0/24');
  return range;
}
