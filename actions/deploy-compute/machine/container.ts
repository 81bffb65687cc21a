/** A container as a machine runs it: what the inputs say, and what the machine's metadata keeps to be read again. */
export interface Container {
  /** `HOST_PORT:CONTAINER_PORT/PROTOCOL`, as Docker publishes them. */
  readonly ports?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  /** Of Secret Manager; a name that begins with a slash is the path of a file. */
  readonly secrets?: readonly { readonly name: string; readonly secret: string; readonly version: string }[];
  /** `SOURCE:/PATH` or `SOURCE:/PATH:ro`; a source that begins with a slash is a directory of the machine. */
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly user?: string;
  /** As Docker writes it: `512m`. */
  readonly memory?: string;
  readonly logDriver?: string;
  /** `host`, or Docker's bridge. */
  readonly network?: 'host' | 'bridge';
  readonly privileged?: boolean;
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

/** The parts of `HOST_PORT:CONTAINER_PORT/PROTOCOL`. */
export function partsOfPort(port: string): { host: string; container: string; protocol: string } {
  const [, host = '', container = '', protocol = 'tcp'] = /^(\d+):(\d+)(?:\/(tcp|udp))?$/.exec(port) ?? [];
  return { host, container, protocol };
}
