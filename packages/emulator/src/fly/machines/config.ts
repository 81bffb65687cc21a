/** A Go duration or nanoseconds, as the API takes both. */
type Duration = string | number;

export interface CheckConfig {
  readonly type?: string;
  readonly port?: number;
  readonly interval?: Duration;
  readonly timeout?: Duration;
  readonly grace_period?: Duration;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly { readonly name: string; readonly values: readonly string[] }[];
}

interface ServiceConfig {
  readonly protocol?: string;
  readonly internal_port?: number;
  readonly autostart?: boolean;
  readonly ports?: readonly { readonly port?: number; readonly handlers?: readonly string[] }[];
  readonly checks?: readonly CheckConfig[];
}

/** What the local cloud reads of a machine's configuration; all of it is kept and given back. */
export interface MachineConfig extends Record<string, unknown> {
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly init?: {
    readonly exec?: readonly string[];
    readonly entrypoint?: readonly string[];
    readonly cmd?: readonly string[];
  };
  readonly guest?: { readonly cpus?: number; readonly memory_mb?: number };
  readonly metadata?: Readonly<Record<string, string>>;
  readonly services?: readonly ServiceConfig[];
  readonly checks?: Readonly<Record<string, CheckConfig>>;
  readonly files?: readonly {
    readonly guest_path: string;
    readonly raw_value?: string;
    readonly secret_name?: string;
    readonly mode?: number;
  }[];
  readonly mounts?: readonly { readonly volume: string; readonly path: string }[];
  readonly restart?: { readonly policy?: string; readonly max_retries?: number };
  readonly stop_config?: { readonly signal?: string; readonly timeout?: Duration };
  readonly auto_destroy?: boolean;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration like `1m30s`; a number counts nanoseconds (https://pkg.go.dev/time#ParseDuration). */
export function milliseconds(duration: Duration | undefined, otherwise: number): number {
  if (duration === undefined || duration === '' || duration === 0) return otherwise;
  if (typeof duration === 'number') return duration / 1e6;
  const parts = [...duration.matchAll(/([\d.]+)(ns|us|ms|s|m|h)/g)];
  if (parts.length === 0) return otherwise;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** The group of fly.toml that a machine belongs to. */
export function groupOf({ metadata }: MachineConfig): string {
  return metadata?.fly_process_group ?? '';
}

/** The checks of a machine and of its services, by the names under which the API shows them. */
export function checksOf({ checks = {}, services = [] }: MachineConfig): [string, CheckConfig][] {
  const ofServices = services.flatMap(({ internal_port, checks: own = [] }, service) =>
    own.map((check, index): [string, CheckConfig] => {
      const port = check.port ?? internal_port;
      const name = `servicecheck-${String(service + index).padStart(2, '0')}-${check.type ?? 'tcp'}-${port}`;
      return [name, { ...check, ...(port !== undefined && { port }) }];
    }),
  );
  return [...Object.entries(checks), ...ofServices];
}

/** Every port of a machine that something outside of it connects to. */
export function portsOf(config: MachineConfig): number[] {
  const ports = [
    ...(config.services ?? []).map(({ internal_port }) => internal_port),
    ...checksOf(config).map(([, { port }]) => port),
  ];
  return [...new Set(ports.filter((port) => port !== undefined))];
}
