import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, KEPT_OUTPUT } from '../../../docker/engine.ts';
import { shieldFromMetadata, startShielded } from '../../../docker/metadata-shield.ts';
import type { MachineRoot } from './root/image.ts';
import { ALL, HOME } from './root/programs.ts';

/** What the machines of a cloud share. */
export interface Surroundings {
  /** Where their folders are. */
  readonly folder: string;
  /** The network that they are in. */
  readonly network: string;
  /** The address there of what leads them to their metadata servers. */
  readonly router: string;
}

/** Makes the network of a cloud's machines, and what is the metadata server's address in it. @param label `KEY=VALUE` */
export async function makeSurroundings(
  engine: Engine,
  { image, binds }: MachineRoot,
  label: string,
): Promise<Surroundings> {
  const [key = '', value = ''] = label.split('=');
  const folder = await mkdtemp(join(tmpdir(), 'gangway-vms-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'by-address'));
  const network = `gangway-machines-${value}`;
  await engine.connection.drain('POST', '/networks/create', {
    body: { Name: network, Driver: 'bridge', Labels: { [key]: value } },
  });
  const container = await engine.create(`${network}-router`, {
    Image: image,
    Cmd: [`${HOME}/node`, `${HOME}/router.mjs`],
    Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
    Labels: { [key]: value },
    HostConfig: {
      Binds: [...binds, `${folder}:${ALL}:ro`],
      NetworkMode: network,
      CapAdd: ['NET_ADMIN'],
      ...KEPT_OUTPUT,
    },
  });
  await shieldFromMetadata(engine, container);
  await startShielded(engine, container);
  return { folder, network, router: await addressIn(engine, container, network) };
}

/** The address of a container that runs, in a network. */
export async function addressIn(engine: Engine, container: string, network: string): Promise<string> {
  const { NetworkSettings } = (await engine.connection.json('GET', `/containers/${container}/json`)) as {
    NetworkSettings: { Networks: Readonly<Record<string, { IPAddress: string }>> };
  };
  return NetworkSettings.Networks[network]?.IPAddress ?? '';
}

/** Removes what is left of it once its containers are gone. */
export async function removeSurroundings(engine: Engine, { folder, network }: Surroundings): Promise<void> {
  await engine.connection.status('DELETE', `/networks/${network}`).catch(() => 0);
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
