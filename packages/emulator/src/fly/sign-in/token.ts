import type { AppRecord } from '../apps/app-record.ts';
import { isBuilder } from '../builders/builder.ts';
import type { Organization } from '../organization.ts';

/** A token, in both of its forms. */
export interface Token extends TokenScope {
  readonly id: string;
  /** An OAuth-like word, which flyctl sends as `Bearer`. */
  readonly word: string;
  /** The same rights as a macaroon, `fm2_…`, which flyctl sends as `FlyV1`. */
  readonly macaroon: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** What a token is limited to. */
export interface TokenScope {
  /** `user`: a person's, good for every organization of theirs; `machine`: what a machine's own socket adds. */
  readonly kind: 'user' | 'org' | 'deploy' | 'readonly' | 'machine';
  readonly name: string;
  /** Not set for a person's. */
  readonly organization?: Organization;
  /** The only app it is for. */
  readonly app?: AppRecord;
  readonly machine?: string;
  /** Seconds; default 20 years, which is flyctl's. */
  readonly lifetime?: number;
}

/** Whether a token may read an app, or also change it. */
export function allows(token: Token, app: AppRecord, action: 'read' | 'write'): boolean {
  if (token.organization && token.organization !== app.organization) return false;
  // A token to deploy an app may build it, too, on the organization's builder.
  if (token.app && token.app !== app && !(token.kind === 'deploy' && isBuilder(app))) return false;
  return action === 'read' || !['readonly', 'machine'].includes(token.kind);
}
