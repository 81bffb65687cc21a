const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * The most bytes that are read of each kind of file. Each is far above what the services behind them accept, so that
 * only a wrong path, a device or an attack meets one.
 */
export const LIMITS = {
  /** An OpenAPI document together with the files that it refers to, and what `spec_command` prints. */
  document: 64 * MIB,
  /** A Dockerfile: BuildKit's client sends it in one message of at most 16 MiB. */
  dockerfile: 16 * MIB,
  ignoreFile: 16 * MIB,
  /** The webhook's payload: GitHub sends none above 25 MB. */
  event: 32 * MIB,
  /** What people write or tools keep by hand: YAML of a service, fly.toml, cleanup policies, `config.json`. */
  settings: 4 * MIB,
  /** A credential configuration, or a token. */
  credentials: 1 * MIB,
} as const;
