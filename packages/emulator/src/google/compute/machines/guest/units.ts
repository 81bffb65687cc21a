import { ServiceUnit } from './service-unit.ts';
import type { Shell } from './shell.ts';
import type { Journal } from './unit-commands.ts';
import { readUnitFile, type UnitFile } from './unit-file.ts';

/** Where units are looked for, the first that has one wins. */
const FOLDERS = ['/etc/systemd/system', '/run/systemd/system'];
/** Units that a machine has without a file here: they are up from the start. */
const BUILT_IN =
  /^(?:docker|containerd|gcr-online|gcr-wait|network-online|network|multi-user|basic|sysinit|local-fs|remote-fs|cloud-init|cloud-final|cloud-config|google-\S+|systemd-\S+|default|graphical|time-sync|nss-lookup)\.(?:service|socket|target|mount)$/;

/** The units of a machine, as systemd keeps them. */
export class Units {
  /** Those that are started at boot. */
  readonly enabled = new Set<string>();
  readonly #shell: Shell;
  readonly #journal: Journal;
  readonly #hostname: string;
  readonly #services = new Map<string, ServiceUnit>();

  constructor(shell: Shell, journal: Journal, hostname: string) {
    this.#shell = shell;
    this.#journal = journal;
    this.#hostname = hostname;
  }

  /** The service of a unit's name; undefined where there is no such file. `web` is `web.service`. */
  async find(name: string): Promise<ServiceUnit | undefined> {
    const full = fullName(name);
    const known = this.#services.get(full);
    if (known) return known;
    const unit = await this.#read(full);
    if (!unit) return undefined;
    for (const problem of unit.problems) this.#journal.note('systemd', problem, full);
    const service = new ServiceUnit(this.#shell, this.#journal, this.#hostname, unit);
    this.#services.set(full, service);
    return service;
  }

  /** Reads the files again of all that are known. */
  async reload(): Promise<void> {
    for (const [name, service] of this.#services) {
      const unit = await this.#read(name);
      if (unit) service.reload(unit);
      else if (service.state === 'inactive' || service.state === 'failed') this.#services.delete(name);
    }
  }

  /**
   * Starts a unit after those that it wants and requires.
   *
   * @returns why it didn't start; undefined when it did
   */
  async start(name: string, on: readonly string[] = []): Promise<string | undefined> {
    const full = fullName(name);
    const service = await this.find(full);
    if (!service) return isBuiltIn(full) ? undefined : `Unit ${full} not found.`;
    if (on.includes(full)) return undefined;
    for (const key of ['Requires', 'BindsTo', 'Wants'])
      for (const needed of service.unit.all('Unit', key).flatMap((text) => text.split(/\s+/))) {
        const failure = await this.start(needed, [...on, full]);
        if (failure !== undefined && key !== 'Wants') {
          this.#journal.note('systemd', `Dependency failed for ${full}.`, full);
          return `A dependency job for ${full} failed. See 'journalctl -xe' for details.`;
        }
      }
    await service.start();
    const isWell =
      service.state === 'active' || (service.state === 'inactive' && service.result === 'success');
    if (isWell || (service.state === 'activating' && service.result === 'success')) return undefined;
    return `Job for ${full} failed because the control process exited with error code.\nSee "systemctl status ${full}" and "journalctl -xeu ${full}" for details.`;
  }

  /** Stops all that runs, the last that was started first. */
  async stopAll(): Promise<void> {
    for (const service of [...this.#services.values()].reverse()) await service.stop();
  }

  /** Forgets all states, and what was to start again, as a machine does that ends. */
  forget(): void {
    for (const service of this.#services.values()) service.abandon();
    this.#services.clear();
  }

  async #read(name: string): Promise<UnitFile | undefined> {
    const [, prefix, suffix] = /^(.*@).+(\.\w+)$/.exec(name) ?? [];
    const names = prefix === undefined ? [name] : [name, `${prefix}${suffix}`];
    for (const folder of FOLDERS)
      for (const candidate of names) {
        const text = await this.#shell.read(`${folder}/${candidate}`);
        if (text === undefined) continue;
        const { stdout } = await this.#shell.run([
          'sh',
          '-c',
          `cat ${quoted(`${folder}/${name}`)}.d/*.conf 2>/dev/null`,
        ]);
        return readUnitFile(name, [text, stdout]);
      }
    return undefined;
  }
}

export function isBuiltIn(name: string): boolean {
  return BUILT_IN.test(name);
}

export function fullName(name: string): string {
  return /\.(?:service|socket|target|timer|mount|path|slice)$/.test(name) ? name : `${name}.service`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
