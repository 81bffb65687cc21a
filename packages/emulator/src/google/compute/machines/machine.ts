import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startShielded } from '../../../docker/metadata-shield.ts';
import type { Context } from '../context.ts';
import { metadataValue } from '../instances/metadata.ts';
import { nameIn } from '../links.ts';
import { allows, CLIENT } from '../networking/allows.ts';
import { externalAddressOf } from '../networking/loopback.ts';
import type { Resource } from '../state.ts';
import { bootImageOf } from './boot-image.ts';
import { carryOut, script } from './guest/cloud-init.ts';
import { Journal } from './journal.ts';
import type { Probe } from './machines.ts';
import { introduce, type Made, machineLabel, makeMachine, untilReady, type Workshop } from './making.ts';
import { MetadataServer } from './metadata/server.ts';
import { Entrance } from './network/entrance.ts';
import { listeningPorts } from './network/listening.ts';
import { probe } from './network/way-in.ts';
import { prepareFolders, WRITABLE } from './root/folders.ts';
import { Serial } from './serial.ts';

/** Seconds that containers have to stop. */
const GRACE = 10;

/** An instance that runs: a container with the programs of a Linux, and the containers that its docker makes. */
export class Machine {
  readonly serial: Serial;
  readonly metadata: MetadataServer;
  readonly #cloud: Context;
  readonly #path: string;
  readonly #workshop: () => Promise<Workshop>;
  readonly #prefix: string;
  readonly #journal: Journal;
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
    this.#journal = new Journal(this.serial);
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
    for (const volume of await engine.labelledVolumes(machineLabel(this.#prefix)))
      await engine.removeVolume(volume);
    if (process.getuid?.() !== 0) await this.#empty(made);
    await engine.remove(made.container);
    for (const image of made.docker.images) await engine.untag(image).catch(() => undefined);
    made.sockets.close();
    await Promise.race([made.logs.settled(), sleep(2000, undefined, { ref: false })]);
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
    const image = bootImageOf(this.#cloud, this.#path);
    this.serial.write(`\r\nlocal cloud: booting ${nameIn(this.#path)} (${image})\r\n`);
    this.#made ??= await makeMachine(this.#cloud, this.#path, this.#prefix, await this.#workshop(), {
      ...{ metadata: this.metadata, journal: this.#journal },
    });
    const made = this.#made;
    const isCos = !/^debian/.test(image);
    await prepareFolders(made.folder, {
      isCos,
      hostname: nameIn(this.#path),
      authority: made.workshop.authority.certificate,
    });
    await startShielded(made.workshop.engine, made.container);
    await untilReady(made);
    await introduce(made, this.#prefix);
    if (turn !== this.#turn) return;
    made.entrance = this.#entrance(made);
    void made.entrance.watch();
    await made.docker.restore();
    if (isCos) made.units.enabled.clear();
    for (const name of made.units.enabled) void made.units.start(name);
    const say = (from: string) => (line: string) => this.#journal.note(from, line);
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
      this.#journal.note('google_metadata_script_runner', `startup-script exit status ${code}`);
    }
    this.serial.log('cloud-init', 'finished.');
  }

  #entrance({ folder, shell }: Made): Entrance {
    return new Entrance(join(folder, 'gangway'), {
      address: () => this.#instance && externalAddressOf(this.#instance),
      listening: async () => {
        const { code, stdout } = await shell.run(['cat', '/proc/net/tcp', '/proc/net/tcp6']);
        if (code !== 0) throw new Error(`The machine does not tell what listens: ${code}`);
        return listeningPorts(stdout);
      },
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
    // First, as the end of a process would have its unit started again.
    made.units.forget();
    for (const id of await this.#containers(made)) await engine.kill(id);
    await engine.kill(made.container);
    await engine.wait(made.container);
  }

  async #containers({ workshop: { engine } }: Made): Promise<readonly string[]> {
    return engine.labelled(machineLabel(this.#prefix));
  }

  /** What was written as root is root's to remove. */
  async #empty({ shell }: Made): Promise<void> {
    const all = WRITABLE.map((name) => `/${name}/..?* /${name}/.[!.]* /${name}/*`).join(' ');
    await shell.run(['sh', '-c', `rm -rf ${all}`]).catch(() => undefined);
  }

  get #instance(): Resource | undefined {
    return this.#cloud.compute.resources.get(this.#path);
  }
}
