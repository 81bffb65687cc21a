import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { App } from '../apps/app.ts';
import { isBuilder } from '../builders/builder.ts';
import type { Context } from '../context.ts';
import { FlyError, invalid } from '../errors.ts';
import { isRegion } from '../regions.ts';
import { body, type FlyCall, flaps } from '../route.ts';
import { groupOf, type MachineConfig } from './config.ts';
import { imageFor } from './image.ts';
import { grantLease, requireLease } from './leases.ts';
import { destroy, inBackground, replace, start } from './lifecycle.ts';
import { Machine, shown } from './machine.ts';

const MACHINES = '/apps/{app}/machines';

/** The machines of an app. */
export const machineRoutes: readonly Route<Context>[] = [
  flaps('GET', MACHINES, list),
  flaps('POST', MACHINES, create),
  flaps('GET', `${MACHINES}/{machine}`, get),
  flaps('POST', `${MACHINES}/{machine}`, update),
  flaps('DELETE', `${MACHINES}/{machine}`, remove),
  flaps('GET', '/orgs/{org}/machines', listOfOrganization),
];

/** https://docs.machines.dev: CreateMachineRequest, UpdateMachineRequest. */
interface LaunchInput {
  readonly name?: string;
  readonly region?: string;
  readonly config?: MachineConfig;
  readonly skip_launch?: boolean;
  readonly skip_service_registration?: boolean;
  readonly skip_secrets?: boolean;
  readonly min_secrets_version?: number | null;
  readonly lease_ttl?: number;
  /** Update only: the version that is expected to be in use. */
  readonly current_version?: string;
}

/** A machine as the API shows it, on a host that answers unless that is disturbed. */
function present(cloud: Context, machine: Machine, nonce?: string): Record<string, unknown> {
  const disturbance = cloud.fly.disturbances.of('hostStatus', groupOf(machine.config), machine.id);
  return shown(machine, disturbance?.hostStatus ?? 'ok', nonce);
}

function list(call: FlyCall, cloud: Context): Reply {
  const app = call.app('read');
  const region = call.query.get('region');
  const destroyed = call.query.get('include_deleted') === 'true';
  const metadata = [...call.query].flatMap(([name, value]) => {
    const key = /^metadata\.(.+)$/.exec(name)?.[1];
    return key ? [[key, value] as const] : [];
  });
  const machines = [...app.machines.values()].filter(
    (machine) =>
      (machine.state !== 'destroyed' || destroyed) &&
      (!region || machine.region === region) &&
      metadata.every(([key, value]) => machine.config.metadata?.[key] === value),
  );
  return { body: machines.map((machine) => present(cloud, machine)) };
}

function listOfOrganization(call: FlyCall, cloud: Context): Reply {
  const apps = cloud.fly.apps().filter(({ organization }) => organization.slug === call.params.org);
  const machines = apps.flatMap(({ name }) => [...call.app('read', name).machines.values()]);
  return {
    body: {
      machines: machines.map((machine) => ({ ...present(cloud, machine), app_name: machine.app.name })),
    },
  };
}

function get(call: FlyCall, cloud: Context): Reply {
  return { body: present(cloud, call.machine('read')) };
}

async function create(call: FlyCall, cloud: Context): Promise<Reply> {
  const app = call.app('write');
  const input = body<LaunchInput>(call);
  const region = input.region || 'iad';
  if (!isRegion(region)) throw invalid(`region ${region} not found`);
  if (input.name && [...app.machines.values()].some(({ name, active }) => active && name === input.name))
    throw new FlyError(
      409,
      `unique constraint violated: machine name "${input.name}" already exists`,
      'name_taken',
    );
  const machine = new Machine(app, region, input.name, cloud.clock);
  if (isBuilder(app)) machine.privateIp = await cloud.flyPlane.builderAddress();
  await configure(cloud, machine, input);
  // What refuses the machine does so before there is one.
  attachVolumes(app, machine);
  app.machines.set(machine.id, machine);
  machine.cordoned = input.skip_service_registration ?? false;
  machine.move('created', 'launch', 'user');
  const lease = input.lease_ttl ? grantLease(cloud, machine, call.token, input.lease_ttl) : undefined;
  const reply = { body: present(cloud, machine, lease?.nonce) };
  if (input.skip_launch) machine.move('stopped', 'launch', 'flyd');
  else start(cloud, machine, 'flyd');
  return reply;
}

async function update(call: FlyCall, cloud: Context): Promise<Reply> {
  const machine = call.machine('write');
  if (!machine.active)
    throw new FlyError(412, `failed_precondition: unable to update machine: it is ${machine.state}`);
  requireLease(call, cloud, machine);
  const input = body<LaunchInput>(call);
  if (input.current_version && input.current_version !== machine.instanceId)
    throw new FlyError(
      412,
      `failed_precondition: current version is ${machine.instanceId}, not ${input.current_version}`,
    );
  if (input.region && input.region !== machine.region) throw invalid('region of a machine cannot be changed');
  await configure(cloud, machine, input);
  if (input.skip_service_registration) machine.cordoned = true;
  inBackground(cloud, machine, replace(cloud, machine, !input.skip_launch));
  return { body: present(cloud, machine) };
}

function remove(call: FlyCall, cloud: Context): Reply {
  const machine = call.machine('write');
  if (!machine.active) return { body: { ok: true } };
  requireLease(call, cloud, machine);
  const force = ['force', 'kill'].some((name) => call.query.get(name) === 'true');
  if (!force && ['started', 'starting', 'replacing'].includes(machine.state))
    throw new FlyError(412, 'failed_precondition: machine still active, refusing to destroy');
  inBackground(cloud, machine, destroy(cloud, machine, force));
  return { body: { ok: true } };
}

/** @throws FlyError 400 for a configuration without an image that can be had */
async function configure(
  cloud: Context,
  machine: Machine,
  { config, skip_secrets, min_secrets_version }: LaunchInput,
): Promise<void> {
  const { app } = machine;
  const reference = config?.image;
  if (!config || !reference) throw invalid('config.image is required');
  const image = await imageFor(cloud, app.organization, reference);
  const { secrets } = app;
  if ((min_secrets_version ?? 0) > secrets.version)
    throw new FlyError(412, `failed_precondition: secrets version ${min_secrets_version} is not there yet`);
  machine.configure(config, image.ref, skip_secrets ? {} : secrets.values(secrets.version));
}

function attachVolumes(app: App, machine: Machine): void {
  const volumes = (machine.config.mounts ?? []).map(({ volume: id }) => {
    const volume = app.volumes.get(id);
    if (!volume) throw invalid(`volume ${id} not found`);
    if (volume.attached_machine_id)
      throw new FlyError(
        412,
        `failed_precondition: volume ${id} is attached to ${volume.attached_machine_id}`,
      );
    return volume;
  });
  for (const volume of volumes) {
    volume.attached_machine_id = machine.id;
    volume.state = 'created';
  }
}
