/** A managed instance group as the API shows it (https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroupManagers). */
export interface Manager {
  readonly name: string;
  readonly selfLink: string;
  readonly baseInstanceName: string;
  readonly targetSize: number;
  readonly versions: readonly Version[];
  readonly updatePolicy: UpdatePolicy;
  readonly autoHealingPolicies?: readonly {
    readonly healthCheck?: string;
    readonly initialDelaySec?: number;
  }[];
  readonly distributionPolicy?: {
    readonly targetShape?: string;
    readonly zones: readonly { readonly zone: string }[];
  };
}

export interface Version {
  readonly name?: string;
  readonly instanceTemplate: string;
  readonly targetSize?: Amount;
}

/** A number of instances, or a share of them. */
export interface Amount {
  readonly fixed?: number;
  readonly percent?: number;
  readonly calculated?: number;
}

export interface UpdatePolicy {
  readonly type: 'PROACTIVE' | 'OPPORTUNISTIC';
  readonly minimalAction: Action;
  readonly mostDisruptiveAllowedAction?: Action;
  readonly replacementMethod: 'SUBSTITUTE' | 'RECREATE';
  readonly maxSurge: Amount;
  readonly maxUnavailable: Amount;
  readonly instanceRedistributionType?: string;
}

/** What is done to an instance, the mildest first. */
export type Action = 'NONE' | 'REFRESH' | 'RESTART' | 'REPLACE';

export const ACTIONS: readonly Action[] = ['NONE', 'REFRESH', 'RESTART', 'REPLACE'];

/** An instance of a group. */
export interface Member {
  readonly name: string;
  readonly zone: string;
  /** Link of the template that it is, or is to be, made by. */
  template: string;
  /** Name of the version. */
  version: string | undefined;
  state: MemberState;
  /** Path of the operation that is under way with it. */
  operation?: string | undefined;
  /** What somebody has asked to be done with it. */
  asked?: Action | undefined;
  /** When it was made, or made again, in milliseconds since the epoch. */
  since: number;
  health?: Health | undefined;
  /** Probes that agreed, one after the other. */
  streak: number;
  errors: readonly { readonly code: string; readonly message: string }[];
  /** When it may be tried again, in milliseconds since the epoch. */
  retry?: number;
}

export type MemberState =
  | 'NONE'
  | 'CREATING'
  | 'RECREATING'
  | 'DELETING'
  | 'REFRESHING'
  | 'RESTARTING'
  | 'VERIFYING';

type Health = 'HEALTHY' | 'UNHEALTHY' | 'TIMEOUT' | 'UNKNOWN';

/** An error that a group met, as `listErrors` has it. */
export interface GroupError {
  readonly code: string;
  readonly message: string;
  readonly action: string;
  readonly member: Member;
  readonly time: number;
}

/** A group as the API asks after it, and tells it. */
export interface GroupView {
  readonly members: readonly Member[];
  /** Newest first. */
  readonly errors: readonly GroupError[];
  readonly manager: Manager;
  /** Takes the next steps now, and goes on by itself until it is closed. */
  tend(): void;
  close(): void;
  /** Makes an instance of that name. */
  create(name: string, template: string, version: string | undefined): void;
  /** Removes an instance, and leaves its place empty. */
  delete(member: Member): void;
}

/** The path of an instance within its project. */
export function pathOfMember({ zone, name }: Member): string {
  return `zones/${zone}/instances/${name}`;
}
