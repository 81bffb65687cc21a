import type { Machine } from './machine.ts';

/** Where an app answers on Fly's proxy. */
export interface Listener {
  /** `tls` and `tcp` carry something else than HTTP. */
  readonly protocol: 'https' | 'http' | 'tls' | 'tcp';
  readonly port: number;
}

/** What a person would open first: as flyctl chooses among those of HTTP; else what else takes connections. */
const USUAL: readonly Listener[] = [
  { protocol: 'https', port: 443 },
  { protocol: 'http', port: 80 },
];
const ORDER = ['https', 'http', 'tls', 'tcp'] as const;

/**
 * Where to ask an app, or undefined where it takes no connections: a service of UDP is not asked.
 * @see https://github.com/superfly/flyctl/blob/master/internal/appconfig/config.go (Config.URL)
 */
export function listenerOf(machines: readonly Machine[]): Listener | undefined {
  const all = machines
    .flatMap(({ config }) => config?.services ?? [])
    .filter(({ protocol = 'tcp' }) => protocol === 'tcp')
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ port, start_port: start, handlers = [] }): Listener[] => {
      const number = port ?? start;
      if (number === undefined) return [];
      const isHttp = handlers.includes('http');
      const isSafe = handlers.includes('tls') || handlers.includes('pg_tls');
      return [{ protocol: isHttp ? (isSafe ? 'https' : 'http') : isSafe ? 'tls' : 'tcp', port: number }];
    })
    .sort((one, other) => one.port - other.port);
  const usual = USUAL.find((wanted) =>
    all.some(({ protocol, port }) => protocol === wanted.protocol && port === wanted.port),
  );
  return usual ?? ORDER.flatMap((wanted) => all.filter(({ protocol }) => protocol === wanted))[0];
}

/** The URL of an app; what is no HTTP has the scheme `tcp` or `tls`. */
export function addressOf(app: string, { protocol, port }: Listener): string {
  const usual = USUAL.some((known) => known.protocol === protocol && known.port === port);
  return `${protocol}://${app}.fly.dev${usual ? '' : `:${port}`}`;
}
