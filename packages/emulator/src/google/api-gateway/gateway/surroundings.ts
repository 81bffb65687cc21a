import type { Accounts, ApiKeys, Apis } from '../../../contracts.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Forwarder } from '../../../kernel/forward/forward.ts';
import type { Watch } from '../../../kernel/forward/front.ts';
import type { Project } from '../../../kernel/service/project.ts';
import type { SigningKeys } from '../../../kernel/signing-keys.ts';
import type { BackendTokens } from './backend-tokens.ts';
import type { JwksCache } from './jwt/jwks.ts';

/** What gateways ask of what is around them. */
export interface Surroundings {
  readonly clock: Clock;
  /** Whose project the callers' keys are of. */
  readonly project: Project;
  readonly keys: SigningKeys;
  readonly accounts: Accounts;
  readonly apis: Apis;
  readonly apiKeys: ApiKeys;
  readonly backendTokens: BackendTokens;
  readonly jwks: JwksCache;
  readonly forwarder: Forwarder;
  /** Told of each request to a gateway. */
  readonly report: Watch['report'];
}
