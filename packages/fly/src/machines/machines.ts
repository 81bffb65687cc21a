import { fields, list, number, text } from '@gangway/http';
import { type Fly, isFlyError } from '../client.ts';
import { type Machine, type MachineConfig, managed } from './machine.ts';
import { MACHINE } from './machine-answer.ts';

/** A lease on a machine that someone holds. */
export interface Lease {
  readonly nonce: string | undefined;
  readonly owner: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

interface LeaseAnswer {
  readonly status?: string;
  readonly data?: {
    readonly nonce?: string;
    readonly owner?: string;
    readonly description?: string;
    readonly expires_at?: number;
  };
}

type LeaseData = NonNullable<LeaseAnswer['data']>;

const LEASE = fields<LeaseAnswer>({
  status: text,
  data: fields<LeaseData>({ nonce: text, owner: text, description: text, expires_at: number }),
});

/** The machines of an app that `fly deploy` manages. */
export async function listMachines(fly: Fly, app: string): Promise<Machine[]> {
  return managed(
    await fly.request({ method: 'GET', path: `/v1/apps/${app}/machines`, answer: list(MACHINE) }),
  );
}

/** One machine, also a destroyed one as long as Fly remembers it; undefined when it does not. */
export async function getMachine(fly: Fly, app: string, id: string): Promise<Machine | undefined> {
  try {
    return await fly.request({ method: 'GET', path: `/v1/apps/${app}/machines/${id}`, answer: MACHINE });
  } catch (error) {
    if (isFlyError(error, 404)) return undefined;
    throw error;
  }
}

/** Writes a machine's metadata, which restarts nothing. */
export async function setMetadata(
  fly: Fly,
  app: string,
  id: string,
  key: string,
  value: string,
): Promise<void> {
  await fly.request({
    method: 'POST',
    path: `/v1/apps/${app}/machines/${id}/metadata/${key}`,
    body: { value },
    repeatable: true,
    answer: 'done',
  });
}

/** Writes some keys of a machine's metadata at once and removes those that are null, if the machine is there. */
export async function patchMetadata(
  fly: Fly,
  app: string,
  id: string,
  metadata: Readonly<Record<string, string | null>>,
): Promise<void> {
  try {
    await fly.request({
      method: 'PATCH',
      path: `/v1/apps/${app}/machines/${id}/metadata`,
      body: { metadata },
      answer: 'done',
    });
  } catch (error) {
    if (!isFlyError(error, 404)) throw error;
  }
}

/** Starts a machine that is stopped. */
export async function startMachine(fly: Fly, app: string, id: string): Promise<void> {
  await fly.request({
    method: 'POST',
    path: `/v1/apps/${app}/machines/${id}/start`,
    repeatable: true,
    answer: 'done',
  });
}

/** Stops a machine that runs. */
export async function stopMachine(fly: Fly, app: string, id: string): Promise<void> {
  const path = `/v1/apps/${app}/machines/${id}/stop`;
  await fly.request({ method: 'POST', path, body: {}, repeatable: true, answer: 'done' });
}

/** Keeps requests from a machine, or lets them come again. */
export async function setCordoned(fly: Fly, app: string, id: string, cordoned: boolean): Promise<void> {
  const path = `/v1/apps/${app}/machines/${id}/${cordoned ? 'cordon' : 'uncordon'}`;
  await fly.request({ method: 'POST', path, repeatable: true, answer: 'done' });
}

/** Destroys a machine, running or not; one that is gone is fine. */
export async function destroyMachine(fly: Fly, app: string, id: string): Promise<void> {
  try {
    const path = `/v1/apps/${app}/machines/${id}?force=true`;
    await fly.request({ method: 'DELETE', path, answer: 'done' });
  } catch (error) {
    if (!isFlyError(error, 404)) throw error;
  }
}

/** A machine's configuration with another image, and the release that it is to be of. */
export interface MachineLaunch {
  readonly region?: string | undefined;
  readonly config: MachineConfig;
  /** Whether it is to be at rest. */
  readonly skip_launch: boolean;
}

/** Makes a machine. */
export async function createMachine(fly: Fly, app: string, launch: MachineLaunch): Promise<Machine> {
  const path = `/v1/apps/${app}/machines`;
  return fly.request({ method: 'POST', path, body: launch, answer: MACHINE });
}

/** Gives a machine another configuration, which starts it again. */
export async function updateMachine(
  fly: Fly,
  app: string,
  id: string,
  launch: MachineLaunch,
): Promise<Machine> {
  const path = `/v1/apps/${app}/machines/${id}`;
  return fly.request({ method: 'POST', path, body: launch, answer: MACHINE });
}

/** Who holds a machine, or undefined when nobody does. */
export async function findLease(fly: Fly, app: string, id: string): Promise<Lease | undefined> {
  try {
    return leaseOf(await fly.request({ method: 'GET', path: leasePath(app, id), answer: LEASE }));
  } catch (error) {
    if (isFlyError(error, 404)) return undefined;
    throw error;
  }
}

/**
 * Takes the lease of a machine for some seconds.
 * @returns undefined when someone else holds it, or the machine is gone
 */
export async function takeLease(
  fly: Fly,
  app: string,
  id: string,
  seconds: number,
  description: string,
): Promise<Lease | undefined> {
  try {
    const path = `${leasePath(app, id)}?ttl=${seconds}`;
    return leaseOf(
      await fly.request({ method: 'POST', path, body: { ttl: seconds, description }, answer: LEASE }),
    );
  } catch (error) {
    // Held, or gone since it was listed.
    if (isFlyError(error, 409, 404)) return undefined;
    throw error;
  }
}

export async function releaseLease(fly: Fly, app: string, id: string, { nonce = '' }: Lease): Promise<void> {
  try {
    await fly.request({
      method: 'DELETE',
      path: leasePath(app, id),
      headers: { 'fly-machine-lease-nonce': nonce },
      answer: 'done',
    });
  } catch (error) {
    // It ended by itself, or with its machine.
    if (!isFlyError(error, 404, 409)) throw error;
  }
}

function leasePath(app: string, id: string): string {
  return `/v1/apps/${app}/machines/${id}/lease`;
}

/** Fly gives the end in seconds. */
function leaseOf({ status, data }: LeaseAnswer): Lease | undefined {
  if (!data || (status !== undefined && status !== 'success')) return undefined;
  return {
    nonce: data.nonce,
    owner: data.owner || 'somebody',
    description: data.description ?? '',
    expires: (data.expires_at ?? 0) * 1000,
  };
}
