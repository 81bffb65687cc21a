import type { Job, PortRange, Seed } from '@gangway/emulator';
import { InvalidArgumentError } from 'commander';

/** How a local cloud is started. */
export interface UpOptions {
  readonly port: number;
  /** Default: that of the data, else `demo-project`. */
  readonly project?: string;
  readonly projectNumber?: string;
  /** `OWNER/NAME` on GitHub whose jobs may deploy. */
  readonly repository: string;
  /** What else is known of the job whose OIDC variables are exported. */
  readonly job?: Omit<Job, 'repository'>;
  /** Whether it is an HTTPS proxy for the real host names, too. */
  readonly realHosts?: boolean;
  readonly operationTime: number;
  /** Of a container that it runs in: those that it publishes for what is deployed. */
  readonly publishedPorts?: PortRange;
  readonly dockerHost?: string;
  /** Folder in which everything is kept; default: nothing is. */
  readonly data?: string;
  /** Whether it has a cluster of Kubernetes Engine, which takes minutes to build the first time. */
  readonly kubernetes?: boolean;
  /** Whether it ends when what started it does. */
  readonly leased: boolean;
  readonly seed: Seed;
}

/** A port, for commander. @throws InvalidArgumentError */
export function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535; 0 takes a free one.');
  return port;
}

/** A range of ports such as `8081-8179`, for commander. @throws InvalidArgumentError */
export function readPorts(text: string): PortRange {
  const [, first = Number.NaN, last = Number.NaN] = (/^(\d+)-(\d+)$/.exec(text) ?? []).map(Number);
  if (!(first >= 1 && first <= last && last <= 65_535))
    throw new InvalidArgumentError('A range of ports is like 8081-8179.');
  return { first, last };
}

/** A whole number, for commander. @throws InvalidArgumentError */
export function readWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as `90s`, `10m`, `24h`, `7d` or `1h30m`, in milliseconds. @throws InvalidArgumentError */
export function readDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new InvalidArgumentError('A duration is like 90s, 10m, 24h, 7d or 1h30m.');
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS], 0);
}
