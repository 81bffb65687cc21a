import { goDuration } from '../duration.ts';

/** What of a machine is read (https://docs.machines.dev, `Machine`). */
export interface Machine {
  readonly id: string;
  readonly name?: string;
  readonly state?: string;
  readonly region?: string;
  readonly instance_id?: string;
  readonly version?: string;
  readonly host_status?: string;
  readonly cordoned?: boolean;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly config?: MachineConfig;
  readonly incomplete_config?: MachineConfig;
  readonly image_ref?: ImageRef;
  /** Newest first. */
  readonly events?: readonly MachineEvent[];
  readonly checks?: readonly MachineCheck[];
}

export interface MachineConfig {
  readonly image?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly services?: readonly MachineService[];
  readonly checks?: Readonly<Record<string, CheckConfig>>;
  readonly standbys?: readonly string[];
  readonly schedule?: string;
  readonly restart?: { readonly policy?: string };
}

/** When a check is carried out, as Go writes durations, or in nanoseconds. */
export interface CheckConfig {
  readonly interval?: string | number;
  readonly timeout?: string | number;
  readonly grace_period?: string | number;
}

export interface MachineService {
  readonly protocol?: string;
  readonly internal_port?: number;
  readonly autostop?: string | boolean;
  readonly ports?: readonly {
    readonly port?: number;
    readonly start_port?: number;
    readonly handlers?: readonly string[];
  }[];
  readonly checks?: readonly CheckConfig[];
}

export interface ImageRef {
  readonly registry?: string;
  readonly repository?: string;
  readonly tag?: string;
  readonly digest?: string;
}

export interface MachineEvent {
  readonly type?: string;
  readonly timestamp?: number;
  readonly request?: {
    readonly exit_event?: ExitEvent;
    readonly MonitorEvent?: { readonly exit_event?: ExitEvent };
    readonly restart_count?: number;
  };
}

export interface ExitEvent {
  readonly exit_code?: number;
  readonly requested_stop?: boolean;
  readonly restarting?: boolean;
  readonly oom_killed?: boolean;
}

export interface MachineCheck {
  readonly name?: string;
  readonly status?: string;
  readonly output?: string;
}

/** The group of machines that run release commands, and that of `fly console`: none that a deploy is about. */
const PASSING_GROUPS = new Set([
  'fly_app_release_command',
  'fly_app_console',
  'fly_app_test_machine_command',
]);

export function metadataOf(machine: Machine): Readonly<Record<string, string>> {
  return (machine.config ?? machine.incomplete_config)?.metadata ?? {};
}

/** The process group that a machine belongs to. */
export function groupOf(machine: Machine): string {
  return metadataOf(machine).fly_process_group ?? 'app';
}

/** The machines that `fly deploy` manages, as it chooses them, by id. */
export function managed(machines: readonly Machine[]): Machine[] {
  return machines
    .filter((machine) => metadataOf(machine).fly_platform_version === 'v2')
    .filter(({ state }) => state !== 'destroyed' && state !== 'destroying')
    .filter((machine) => !PASSING_GROUPS.has(groupOf(machine)))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** The image that a machine runs: by digest where Fly tells it. */
export function imageOf({ image_ref: ref, config }: Machine): string {
  if (!ref?.repository) return config?.image ?? '';
  const name = `${ref.registry ? `${ref.registry}/` : ''}${ref.repository}${ref.tag ? `:${ref.tag}` : ''}`;
  return ref.digest ? `${name}@${ref.digest}` : name;
}

/** The exit of a machine's newest run, if that run has ended. */
export function lastExit({ events = [] }: Machine): ExitEvent | undefined {
  for (const { type, request } of events) {
    if (type === 'exit') return request?.MonitorEvent?.exit_event ?? request?.exit_event ?? {};
    if (type === 'start') return undefined;
  }
  return undefined;
}

/** How often a machine has crashed since it was last launched or updated, as far as Fly remembers. */
export function crashes({ events = [] }: Machine): number {
  let count = 0;
  for (const { type, request } of events) {
    if (type === 'launch' || type === 'update') break;
    const exit = request?.MonitorEvent?.exit_event ?? request?.exit_event;
    if (type === 'exit' && !exit?.requested_stop && (exit?.exit_code ?? 0) !== 0) count += 1;
  }
  return count;
}

/** Fly's own (https://fly.io/docs/reference/configuration/#services-http_checks), in milliseconds. */
const INTERVAL = 15_000;
const TIMEOUT = 10_000;
/** How often a check that fails at first is carried out until it is taken for failed. */
const ATTEMPTS = 2;

/** Milliseconds in which the slowest check of a machine that is well has passed: its grace, and then some attempts. */
export function timeToPass({ config }: Machine): number {
  const all = [
    ...(config?.services?.flatMap(({ checks = [] }) => checks) ?? []),
    ...Object.values(config?.checks ?? {}),
  ];
  const times = all.map(
    ({ interval, timeout, grace_period: grace }) =>
      goDuration(grace, 0) + ATTEMPTS * goDuration(interval, INTERVAL) + goDuration(timeout, TIMEOUT),
  );
  return Math.max(0, ...times);
}

/** How many checks a machine's configuration has. */
export function checkCount({ config }: Machine): number {
  const ofServices = config?.services?.flatMap(({ checks }) => checks ?? []) ?? [];
  return ofServices.length + Object.keys(config?.checks ?? {}).length;
}

/** A check's results, without those that Fly adds for older clients. */
export function checksOf({ checks = [] }: Machine): MachineCheck[] {
  return checks.filter(({ name }) => !name?.startsWith('bg_deployments_compat'));
}

/** Whether a machine may rest: Fly stops it by itself, starts it on a schedule, or keeps it in reserve. */
export function mayRest({ config }: Machine): boolean {
  const stops = config?.services?.some(({ autostop }) => autostop && autostop !== 'off') ?? false;
  return stops || Boolean(config?.schedule) || (config?.standbys?.length ?? 0) > 0;
}
