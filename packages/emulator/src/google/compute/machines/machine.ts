import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../docker/engine.ts';
import { KEPT_OUTPUT } from '../../../docker/engine.ts';
import { localNameServers, shieldFromMetadata, startShielded } from '../../../docker/metadata-shield.ts';
import type { Authority } from '../../../kernel/http/authority.ts';
import type { Context } from '../context.ts';
import { metadataValue } from '../instances/metadata.ts';
import { nameIn } from '../links.ts';
import { allows, CLIENT } from '../networking/allows.ts';
import { externalAddressOf } from '../networking/loopback.ts';
import type { Resource } from '../state.ts';
import { MachineDocker } from './docker/proxy.ts';
import { carryOut, script } from './guest/cloud-init.ts';
import { ContainerShell } from './guest/container-shell.ts';
import type { Outcome } from './guest/shell.ts';
import { systemctl } from './guest/systemctl.ts';
import { Units } from './guest/units.ts';
import type { Probe } from './machines.ts';
import { MetadataServer } from './metadata/server.ts';
import { Entrance } from './network/entrance.ts';
import { listeningPorts } from './network/listening.ts';
import { control, probe } from './network/way-in.ts';
import { prepareFolders, WRITABLE } from './root/folders.ts';
import type { MachineRoot } from './root/image.ts';
import { HOME, METADATA_ADDRESS, SOCKETS } from './root/programs.ts';
import { Serial } from './serial.ts';
import { openSockets } from './sockets.ts';

/** Milliseconds that the first process has until it is ready. */
const PATIENCE = 30_000;
/** Seconds that containers have to stop. */
const GRACE = 10;
/** Lines that journalctl has. */
const JOURNAL = 2000;

/** What machines are made with. */
export interface Workshop {
  readonly engine: Engine;
  readonly authority: Authority;
  readonly root: MachineRoot;
  /** `KEY=VALUE`, by which all that a cloud has made is found again. */
  readonly label: string;
  /** Where the folders of the machines are. */
  readonly folder: string;
  /** The network that they are in. */
  readonly network: string;
  /** The address there of what leads them to their metadata servers. */
  readonly router: string;
}

/** An instance that runs: a container with the programs of a Linux, and the containers that its docker makes. */
export class Machine {
  readonly serial: Serial;
  readonly metadata: MetadataServer;
  readonly #cloud: Context;
  readonly #path: string;
  readonly #workshop: () => Promise<Workshop>;
  readonly #prefix: string;
  readonly #journal: { readonly unit: string; readonly line: string }[] = [];
  #made: Made | undefined;
  #turn = 0;
  #boots = 0;
  #working: Promise<void> = Promise.resolve();

  /** @param path of the instance within the project */
  constructor(cloud: Context, path: string, workshop: () => Promise<Workshop>) {
    this.#cloud = cloud;
    this.#path = path;
    this.#workshop = workshop;
    this.serial = new Serial(nameIn(path));
    this.metadata = new MetadataServer(cloud, path);
    this.#prefix = `${nameIn(path)}-${randomBytes(3).toString('hex')}`;
  }

  /** Boots, whatever it has to wait for; how that goes, the serial port tells. */
  boot(): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.#working = this.#working
      .then(() => this.#boot(turn))
      .catch((error: unknown) =>
        this.serial.log(
          'local-cloud',
          `The machine can't run: ${error instanceof Error ? error.message : error}`,
        ),
      );
  }

  /** Shuts down in good order. */
  async halt(): Promise<void> {
    this.#turn += 1;
    const made = this.#made;
    if (!made) return;
    this.serial.log('systemd[1]', 'Stopping all units.');
    await made.units.stopAll();
    await Promise.all((await this.#containers(made)).map((id) => made.workshop.engine.stop(id, GRACE)));
    await this.#down(made);
    this.serial.log('systemd[1]', 'Reached target Power-Off.');
  }

  /** Ends at once, and boots. */
  async reset(): Promise<void> {
    this.#turn += 1;
    if (this.#made) await this.#down(this.#made);
    this.boot();
  }

  async remove(): Promise<void> {
    this.#turn += 1;
    await Promise.race([this.#working, sleep(1000, undefined, { ref: false })]);
    const made = this.#made;
    this.#made = undefined;
    if (!made) return;
    made.entrance?.close();
    const { engine } = made.workshop;
    for (const id of await this.#containers(made)) await engine.remove(id);
    for (const volume of await engine.labelledVolumes(this.#label)) await engine.removeVolume(volume);
    if (process.getuid?.() !== 0) await this.#empty(made);
    await engine.remove(made.container);
    for (const image of made.docker.images) await engine.untag(image).catch(() => undefined);
    made.sockets.close();
    await rm(made.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  changed(): void {
    this.metadata.changed();
    void this.#made?.entrance?.look().catch(() => undefined);
  }

  async probe(asked: Probe): Promise<boolean> {
    return this.#made?.entrance !== undefined && probe(join(this.#made.folder, 'gangway'), asked);
  }

  /** The port on 127.0.0.1 that stands for one of its external address. */
  insteadOf(port: number): number | undefined {
    return this.#made?.entrance?.insteadOf(port);
  }

  async #boot(turn: number): Promise<void> {
    if (turn !== this.#turn) return;
    this.#boots += 1;
    const image = this.#image;
    this.serial.write(`\r\nlocal cloud: booting ${nameIn(this.#path)} (${image})\r\n`);
    this.#made ??= await this.#make();
    const made = this.#made;
    const isCos = !/^debian/.test(image);
    await prepareFolders(made.folder, {
      isCos,
      hostname: nameIn(this.#path),
      authority: made.workshop.authority.certificate,
    });
    await startShielded(made.workshop.engine, made.container);
    await this.#ready(made);
    await this.#introduce(made);
    if (turn !== this.#turn) return;
    made.entrance = this.#entrance(made);
    void made.entrance.watch();
    await made.docker.restore();
    if (isCos) made.units.enabled.clear();
    for (const name of made.units.enabled) void made.units.start(name);
    const say = (from: string) => (line: string) => this.#note(from, line);
    const metadata = this.#instance?.metadata;
    const userData = metadataValue(metadata, 'user-data');
    // Container-Optimized OS keeps nothing of what was done at an earlier boot.
    if (userData !== undefined)
      await carryOut(userData, {
        shell: made.shell,
        say: say('cloud-init'),
        isFirst: isCos || this.#boots === 1,
      });
    if (turn !== this.#turn) return;
    const startup =
      metadataValue(metadata, 'startup-script') ??
      metadataValue({ items: this.#cloud.compute.commonMetadata }, 'startup-script');
    if (startup !== undefined) {
      const code = await script(made.shell, startup, say('google_metadata_script_runner'));
      this.#note('google_metadata_script_runner', `startup-script exit status ${code}`);
    }
    this.serial.log('cloud-init', 'finished.');
  }

  async #make(): Promise<Made> {
    const workshop = await this.#workshop();
    const { engine, root, authority, label } = workshop;
    const folder = join(workshop.folder, this.#prefix);
    for (const name of [...WRITABLE, 'gangway']) await mkdir(join(folder, name), { recursive: true });
    const [key = '', value = ''] = label.split('=');
    const { port } = new URL(this.#cloud.origin);
    const container = await engine.create(this.#prefix, {
      Image: root.image,
      Hostname: nameIn(this.#path).slice(0, 63),
      Cmd: [`${HOME}/node`, `${HOME}/init.mjs`, port, workshop.router],
      Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
      Labels: { [key]: value, 'dev.gangway.instance': this.#path },
      HostConfig: {
        Binds: [
          ...WRITABLE.map((name) => `${folder}/${name}:/${name}`),
          ...root.binds,
          `${folder}/gangway:${SOCKETS}`,
        ],
        NetworkMode: workshop.network,
        CapAdd: ['NET_ADMIN'],
        ExtraHosts: [
          ...HOSTS.map((name) => `${name}:${METADATA_ADDRESS}`),
          ...this.#apis.map((name) => `${name}:127.0.0.1`),
        ],
        ...(await localNameServers()),
        ...KEPT_OUTPUT,
      },
    });
    await shieldFromMetadata(engine, container);
    const shared = join(folder, 'gangway');
    const registry = new URL(this.#cloud.origin).host;
    const [machineKey = '', machineValue = ''] = this.#label.split('=');
    const docker = new MachineDocker(
      engine.connection,
      {
        prefix: this.#prefix,
        machine: container,
        folder,
        registry,
        labels: { [key]: value, [machineKey]: machineValue },
      },
      {
        open: ({ host, from, to }) =>
          from === to ? Promise.resolve() : control(shared, `open ${host} ${from} ${to}`),
        close: ({ host, from, to }) =>
          from === to ? Promise.resolve() : control(shared, `close ${host} ${from} ${to}`),
      },
    );
    const shell = new ContainerShell(engine.connection, container, shared);
    const units = new Units(
      shell,
      { note: (from, line, unit) => this.#note(from, line, unit) },
      nameIn(this.#path),
    );
    const sockets = await openSockets(shared, {
      ...{ metadata: this.metadata, docker: docker.server, authority, port: Number(port) },
      program: (name, args) =>
        name === 'systemctl' ? systemctl(units, args) : Promise.resolve(this.#journalctl(args)),
    });
    return { workshop, folder, container, docker, shell, units, sockets };
  }

  /** @throws Error with what the first process says when it doesn't get ready */
  async #ready({ workshop: { engine }, container, folder }: Made): Promise<void> {
    for (const until = Date.now() + PATIENCE; Date.now() < until; await sleep(50)) {
      if (
        await control(join(folder, 'gangway'), 'close - 0 0').then(
          () => true,
          () => false,
        )
      )
        return;
      if ((await engine.inspect(container)).running) continue;
      const output = await engine.output(container);
      throw new Error(
        output
          .slice(-3)
          .map(({ text }) => text)
          .join(' ') || 'its first process ended',
      );
    }
    throw new Error('its first process did not get ready');
  }

  /** Has the router know the machine by its address. */
  async #introduce({ workshop: { engine, folder, network }, container }: Made): Promise<void> {
    const { NetworkSettings } = (await engine.connection.json('GET', `/containers/${container}/json`)) as {
      NetworkSettings: { Networks: Readonly<Record<string, { IPAddress: string }>> };
    };
    await writeFile(
      join(folder, 'by-address', NetworkSettings.Networks[network]?.IPAddress ?? ''),
      this.#prefix,
    );
  }

  #entrance({ folder, shell }: Made): Entrance {
    return new Entrance(join(folder, 'gangway'), {
      address: () => this.#instance && externalAddressOf(this.#instance),
      listening: async () =>
        listeningPorts((await shell.run(['cat', '/proc/net/tcp', '/proc/net/tcp6'])).stdout),
      allows: (port) => this.#instance !== undefined && allows(this.#cloud, this.#instance, port, CLIENT),
      moved: (port, to, why) =>
        this.serial.log(
          'local-cloud',
          `Port ${port} could not be opened (${why}). It is reached at 127.0.0.1:${to}, and at its own address through the local cloud as an HTTP proxy.`,
        ),
    });
  }

  /** Ends all that runs, and leaves what it has written. */
  async #down(made: Made): Promise<void> {
    made.entrance?.close();
    made.entrance = undefined;
    const { engine } = made.workshop;
    for (const id of await this.#containers(made)) await engine.kill(id);
    await engine.kill(made.container);
    await engine.wait(made.container);
    made.units.forget();
  }

  async #containers({ workshop: { engine } }: Made): Promise<readonly string[]> {
    return engine.labelled(this.#label);
  }

  /** What was written as root is root's to remove. */
  async #empty({ shell }: Made): Promise<void> {
    const all = WRITABLE.map((name) => `/${name}/..?* /${name}/.[!.]* /${name}/*`).join(' ');
    await shell.run(['sh', '-c', `rm -rf ${all}`]).catch(() => undefined);
  }

  #note(from: string, line: string, unit = from): void {
    this.serial.log(from === 'systemd' ? 'systemd[1]' : from, line);
    this.#journal.push({ unit, line: `${from}: ${line}` });
    this.#journal.splice(0, this.#journal.length - JOURNAL);
  }

  #journalctl(args: readonly string[]): Outcome {
    const at = args.findIndex((arg) => /^(?:-u|--unit|-xeu|-eu)$/.test(arg));
    const unit =
      at < 0 ? /^--unit=(.*)$/.exec(args.find((arg) => arg.startsWith('--unit=')) ?? '')?.[1] : args[at + 1];
    const lines = this.#journal.filter(
      (one) => unit === undefined || one.unit === unit || one.unit === `${unit}.service`,
    );
    return { code: 0, stdout: lines.map(({ line }) => `${line}\n`).join(''), stderr: '' };
  }

  get #instance(): Resource | undefined {
    return this.#cloud.compute.resources.get(this.#path);
  }

  /** The name of the image that it has booted from. */
  get #image(): string {
    const [disk] = (this.#instance?.disks ?? []) as readonly { source: string }[];
    const [, zone = ''] = this.#path.split('/');
    return nameIn(
      this.#cloud.compute.resources.get(`zones/${zone}/disks/${nameIn(disk?.source)}`)?.sourceImage,
    );
  }

  /** By which the containers and volumes of the machine are found. */
  get #label(): string {
    return `dev.gangway.machine=${this.#prefix}`;
  }

  /** The hosts of Google's APIs that the local cloud answers for. */
  get #apis(): readonly string[] {
    return this.#cloud.catalogue
      .flatMap(({ name, hosts = [] }) => [name, ...hosts])
      .filter((name) => /^[a-z0-9.-]+\.googleapis\.com$/.test(name));
  }
}

const HOSTS = ['metadata.google.internal', 'metadata'];

interface Made {
  readonly workshop: Workshop;
  readonly folder: string;
  readonly container: string;
  readonly docker: MachineDocker;
  readonly shell: ContainerShell;
  readonly units: Units;
  readonly sockets: { close(): void };
  entrance?: Entrance | undefined;
}
