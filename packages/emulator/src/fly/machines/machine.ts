import { randomBytes } from 'node:crypto';
import { type Clock, timestamp } from '../../kernel/clock.ts';
import type { AppRecord } from '../apps/app-record.ts';
import { machineId, machineName, ulid } from '../ids.ts';
import type { MachineConfig } from './config.ts';
import type { ImageRef } from './image-ref.ts';
import type { Run } from './run.ts';

export type MachineState =
  | 'created'
  | 'starting'
  | 'started'
  | 'stopping'
  | 'stopped'
  | 'suspending'
  | 'suspended'
  | 'replacing'
  | 'destroying'
  | 'destroyed'
  | 'failed';

interface ExitEvent {
  readonly exit_code: number;
  readonly guest_exit_code: number;
  readonly guest_signal: number;
  readonly oom_killed: boolean;
  readonly requested_stop: boolean;
  readonly restarting: boolean;
  readonly signal: number;
  readonly exited_at: string;
}

export interface MachineEvent {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly source: 'flyd' | 'user';
  readonly timestamp: number;
  readonly request?: { readonly exit_event?: ExitEvent; readonly restart_count?: number };
}

export interface CheckStatus {
  readonly name: string;
  status: 'passing' | 'warning' | 'critical';
  output: string;
  updated_at: string;
}

export interface Lease {
  readonly nonce: string;
  readonly owner: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  expires: number;
}

/** A machine's configuration at one time. */
interface Version {
  readonly instance_id: string;
  readonly config: MachineConfig;
  readonly image: ImageRef;
  readonly secrets: Readonly<Record<string, string>>;
}

/** A machine as it is kept: all but what runs of it, and who waits for it. */
export interface SavedMachine {
  readonly fields: Pick<
    Machine,
    | 'id'
    | 'name'
    | 'region'
    | 'createdAt'
    | 'privateIp'
    | 'versions'
    | 'events'
    | 'cordoned'
    | 'restarts'
    | 'updatedAt'
  >;
  readonly state: MachineState;
  readonly lease?: Lease;
}

const EVENTS = 20;

/** A machine: its state, what happened to it, and who waits for something to happen. */
export class Machine {
  readonly id = machineId();
  readonly app: AppRecord;
  readonly name: string;
  readonly region: string;
  readonly createdAt: number;
  privateIp = `fdaa:0:1:a7b:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}:0:2`;
  /** Oldest first; the last is the one in use. */
  readonly versions: Version[] = [];
  /** Newest first. */
  readonly events: MachineEvent[] = [];
  checks: CheckStatus[] = [];
  cordoned = false;
  lease: Lease | undefined;
  run: Run | undefined;
  /** Times the platform has started it again since its last deliberate start. */
  restarts = 0;
  updatedAt: number;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #state: MachineState = 'created';

  constructor(app: AppRecord, region: string, name: string | undefined, clock: Clock) {
    this.app = app;
    this.region = region;
    this.name = name ?? machineName();
    this.#clock = clock;
    this.createdAt = clock.now();
    this.updatedAt = this.createdAt;
  }

  /** A machine that was kept; what ran of it does not run any more. */
  static restore(app: AppRecord, clock: Clock, { fields, state, lease }: SavedMachine): Machine {
    const machine = new Machine(app, fields.region, fields.name, clock);
    Object.assign(machine, fields, lease && { lease });
    machine.#state = state;
    return machine;
  }

  save(): SavedMachine {
    const { id, name, region, createdAt, privateIp, versions, events, cordoned, restarts, updatedAt } = this;
    const fields = {
      id,
      name,
      region,
      createdAt,
      privateIp,
      versions,
      events,
      cordoned,
      restarts,
      updatedAt,
    };
    return { fields, state: this.#state, ...(this.lease && { lease: this.lease }) };
  }

  get state(): MachineState {
    return this.#state;
  }

  get active(): boolean {
    return this.#state !== 'destroyed' && this.#state !== 'destroying';
  }

  get config(): MachineConfig {
    return this.#current.config;
  }

  get image(): ImageRef {
    return this.#current.image;
  }

  get secrets(): Readonly<Record<string, string>> {
    return this.#current.secrets;
  }

  get instanceId(): string {
    return this.#current.instance_id;
  }

  /** Gives the machine a new configuration. */
  configure(config: MachineConfig, image: ImageRef, secrets: Readonly<Record<string, string>>): void {
    this.versions.push({ instance_id: ulid(this.#clock.now()), config, image, secrets });
    this.updatedAt = this.#clock.now();
  }

  /** Changes the configuration in place, which makes no new version. */
  amend(config: MachineConfig): void {
    this.versions[this.versions.length - 1] = { ...this.#current, config };
    this.touch();
  }

  /** Moves to a state and writes down why. */
  move(state: MachineState, type: string, source: 'flyd' | 'user', request?: MachineEvent['request']): void {
    const now = this.#clock.now();
    this.#state = state;
    this.updatedAt = now;
    this.events.unshift({
      id: ulid(now),
      type,
      status: state,
      source,
      timestamp: now,
      ...(request && { request }),
    });
    this.events.length = Math.min(this.events.length, EVENTS);
    this.touch();
  }

  /** Wakes who waits for a change. */
  touch(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves with the next change. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  get #current(): Version {
    const current = this.versions.at(-1);
    if (!current) throw new Error(`Machine ${this.id} has no configuration`);
    return current;
  }
}

/** A machine as the API shows it; on a host that does not answer its configuration is not known for sure. */
export function shown(machine: Machine, hostStatus: string, nonce?: string): Record<string, unknown> {
  const { id, name, state, region, instanceId, image, privateIp, config, events, checks, cordoned } = machine;
  return {
    id,
    name,
    state,
    region,
    instance_id: instanceId,
    version: instanceId,
    private_ip: privateIp,
    image_ref: image,
    created_at: timestamp(machine.createdAt),
    updated_at: timestamp(machine.updatedAt),
    host_status: hostStatus,
    cordoned,
    ...(hostStatus === 'ok' ? { config } : { incomplete_config: config }),
    events,
    ...(checks.length > 0 && { checks }),
    ...(nonce && { nonce }),
  };
}
