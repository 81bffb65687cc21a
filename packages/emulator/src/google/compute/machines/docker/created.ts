import { join } from 'node:path';
import { checkOptions } from '../logs/drivers.ts';
import { outward } from './references.ts';

/** Where a container of a machine is put. */
export interface Place {
  /** What the names of all that the machine has on the engine begin with. */
  readonly prefix: string;
  /** The container that is the machine. */
  readonly machine: string;
  /** Folder of this machine that has those that the machine may write to. */
  readonly folder: string;
  /** The registry's host. */
  readonly registry: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A port of the machine that leads to one of a container. */
export interface Published {
  readonly host: string;
  readonly from: number;
  readonly to: number;
}

type Json = Readonly<Record<string, unknown>>;

/** What the engine is asked for, and what is done around it. */
export interface Created {
  readonly body: Json;
  readonly published: readonly Published[];
  readonly log: {
    readonly driver: string;
    readonly options: Readonly<Record<string, string>>;
    readonly isTerminal: boolean;
  };
}

/** Log drivers that Docker has on Container-Optimized OS (https://docs.docker.com/engine/logging/configure/#supported-logging-drivers). */
const DRIVERS = [
  ...['json-file', 'local', 'none', 'journald', 'gcplogs'],
  ...['syslog', 'gelf', 'fluentd', 'awslogs', 'splunk'],
];

/** Folders that a machine shares with this one. */
const SHARED = /^\/(?:usr|lib|lib32|lib64|bin|sbin)(?:\/|$)/;
/** What belongs to a network of its own, which a container has not that shares the machine's. */
const OF_OWN_NETWORK = [
  'PortBindings',
  'PublishAllPorts',
  'Dns',
  'DnsOptions',
  'DnsSearch',
  'ExtraHosts',
  'Links',
];

/**
 * A container as the engine is to make it, of what a machine's docker asks for: it shares the machine's network, its folders are the
 * machine's, and its ports are opened on the machine.
 *
 * @throws Error with what the local cloud can't do
 */
export function createdAs(asked: Json, place: Place): Created {
  const {
    HostConfig,
    Image,
    Hostname: _,
    Domainname: __,
    ExposedPorts: ___,
    NetworkingConfig: ____,
    MacAddress: _____,
    Labels,
    ...rest
  } = asked;
  const config = (HostConfig ?? {}) as Json;
  if (config.Privileged === true)
    throw new Error('the local cloud runs no privileged containers: they would be so on your own machine');
  for (const name of ['PidMode', 'IpcMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode'])
    if (config[name] === 'host' && name !== 'CgroupnsMode')
      throw new Error(`the local cloud does not share ${name} with your own machine`);
  if (Array.isArray(config.Devices) && config.Devices.length > 0)
    throw new Error('the local cloud gives containers none of your own devices');
  const network = String(config.NetworkMode || 'default');
  if (!/^(?:default|bridge|host|none)$/.test(network)) throw new Error(`network ${network} not found`);
  const own = Object.fromEntries(Object.entries(config).filter(([name]) => !OF_OWN_NETWORK.includes(name)));
  const { Type: named = '', Config: options } = (config.LogConfig ?? {}) as {
    readonly Type?: string;
    readonly Config?: Readonly<Record<string, string>> | null;
  };
  const driver = named || 'json-file';
  if (!DRIVERS.includes(driver)) throw new Error(`logger: no log driver named '${driver}' is registered`);
  if (driver === 'gcplogs') checkOptions(options ?? {});
  return {
    body: {
      ...rest,
      Image: outward(String(Image), place.registry),
      Labels: { ...(Labels as object), ...place.labels },
      HostConfig: {
        ...own,
        Binds: ((config.Binds ?? []) as readonly string[]).map((bind) => boundAs(bind, place)),
        Mounts: ((config.Mounts ?? []) as readonly Json[]).map((mount) => mountedAs(mount, place)),
        NetworkMode: network === 'none' ? 'none' : `container:${place.machine}`,
        // Where another driver sends lines, the local cloud reads them from the engine.
        LogConfig: /^(?:json-file|local|none)$/.test(named)
          ? config.LogConfig
          : { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '2' } },
      },
    },
    log: { driver, options: options ?? {}, isTerminal: asked.Tty === true },
    published: network === 'host' || network === 'none' ? [] : ports(config.PortBindings),
  };
}

function ports(bindings: unknown): readonly Published[] {
  return Object.entries(
    (bindings ?? {}) as Readonly<Record<string, readonly { HostIp?: string; HostPort?: string }[] | null>>,
  ).flatMap(([name, all]) => {
    const [port = '', protocol = 'tcp'] = name.split('/');
    if (protocol !== 'tcp') return [];
    return (all ?? []).map(({ HostIp, HostPort }) => ({
      host: HostIp === undefined || HostIp === '' || HostIp === '::' ? '0.0.0.0' : HostIp,
      from: Number(HostPort || port),
      to: Number(port),
    }));
  });
}

/** @param bind e.g. `/var/cache:/cache:ro`, `data:/data` */
function boundAs(bind: string, place: Place): string {
  const [source = '', ...rest] = bind.split(':');
  return [sourceOf(source, place), ...rest].join(':');
}

function mountedAs(mount: Json, place: Place): Json {
  const { Type, Source } = mount;
  if (Type !== 'bind' && Type !== 'volume') return mount;
  return {
    ...mount,
    ...(typeof Source === 'string' && Source !== '' && { Source: sourceOf(Source, place) }),
  };
}

function sourceOf(source: string, { folder, prefix }: Place): string {
  if (!source.startsWith('/')) return `${prefix}-${source}`;
  const clean = join('/', source);
  if (/^\/(?:var\/)?run\/docker\.sock$/.test(clean)) return join(folder, 'gangway/docker.sock');
  if (SHARED.test(clean)) return clean.replace(/^\/(?=(?:lib|lib32|lib64|bin|sbin)(?:\/|$))/, '/usr/');
  if (/^\/(?:$|(?:proc|sys|dev)(?:\/|$))/.test(clean))
    throw new Error(`the local cloud mounts no ${clean} of your own machine into a container`);
  return join(folder, clean.replace(/^\/var\/run\//, '/run/'));
}
