import type { TokenClient } from '@gangway/auth';
import type { GoogleCloud } from '@gangway/google-cloud';

/** What asks Google. */
export interface Asker {
  readonly cloud: GoogleCloud;
  /** For the registry. */
  readonly auth: TokenClient;
  readonly projectId: string;
}
