import { either, fields, flag, list, map, number, type Reader, text } from '@gangway/http';
import type {
  CheckConfig,
  ExitEvent,
  ImageRef,
  Machine,
  MachineCheck,
  MachineConfig,
  MachineEvent,
  MachineService,
} from './machine.ts';

type Port = NonNullable<MachineService['ports']>[number];
type Restart = NonNullable<MachineConfig['restart']>;
type EventRequest = NonNullable<MachineEvent['request']>;
type Monitor = NonNullable<EventRequest['MonitorEvent']>;

const EXIT = fields<ExitEvent>({
  exit_code: number,
  requested_stop: flag,
  restarting: flag,
  oom_killed: flag,
});

const EVENT = fields<MachineEvent>({
  type: text,
  timestamp: number,
  request: fields<EventRequest>({
    exit_event: EXIT,
    MonitorEvent: fields<Monitor>({ exit_event: EXIT }),
    restart_count: number,
  }),
});

const duration = either(text, number);
const CHECK = fields<CheckConfig>({ interval: duration, timeout: duration, grace_period: duration });

const SERVICE = fields<MachineService>({
  protocol: text,
  internal_port: number,
  autostop: either(text, flag),
  ports: list(fields<Port>({ port: number, start_port: number, handlers: list(text) })),
  checks: list(CHECK),
});

const CONFIG = fields<MachineConfig>({
  image: text,
  metadata: map(text),
  services: list(SERVICE),
  checks: map(CHECK),
  standbys: list(text),
  schedule: text,
  restart: fields<Restart>({ policy: text }),
});

/** What Fly's answer about a machine must be like, as far as it is read. */
export const MACHINE: Reader<Machine> = fields<Machine>(
  {
    id: text,
    name: text,
    state: text,
    region: text,
    instance_id: text,
    version: text,
    host_status: text,
    cordoned: flag,
    created_at: text,
    updated_at: text,
    config: CONFIG,
    incomplete_config: CONFIG,
    image_ref: fields<ImageRef>({ registry: text, repository: text, tag: text, digest: text }),
    events: list(EVENT),
    checks: list(fields<MachineCheck>({ name: text, status: text, output: text })),
  },
  'id',
);
