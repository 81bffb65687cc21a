import { setTimeout as sleep } from 'node:timers/promises';
import { isClean, restartsAfter, shownEnding } from './endings.ts';
import type { Running, Shell } from './shell.ts';
import { spanOf } from './spans.ts';
import { filled } from './specifiers.ts';
import { type Journal, messageOf, UnitCommands } from './unit-commands.ts';
import type { UnitFile } from './unit-file.ts';

/** Milliseconds that systemd waits for a start, before it starts again, and in which it counts starts. */
const USUAL = { start: 90_000, restart: 100, interval: 10_000 };
/** Starts within the interval after which it gives up. */
const BURST = 5;

export type UnitState = 'inactive' | 'activating' | 'active' | 'deactivating' | 'failed';

/** A service as systemd runs it: the keys of `[Service]` that say what is run when, as whom, with which variables, and when again. */
export class ServiceUnit {
  state: UnitState = 'inactive';
  result = 'success';
  exitCode = 0;
  restarts = 0;
  readonly #commands: UnitCommands;
  readonly #journal: Journal;
  readonly #hostname: string;
  #unit: UnitFile;
  #main: Running | undefined;
  #starts: number[] = [];
  #asked = 0;

  constructor(shell: Shell, journal: Journal, hostname: string, unit: UnitFile) {
    this.#commands = new UnitCommands(shell, journal, hostname, () => this.#unit);
    this.#journal = journal;
    this.#hostname = hostname;
    this.#unit = unit;
  }

  get unit(): UnitFile {
    return this.#unit;
  }

  /** Takes the unit's files as they are now. What runs goes on as it was. */
  reload(unit: UnitFile): void {
    this.#unit = unit;
  }

  /** Starts it; resolves once it has started, or failed to: then `state` says so. */
  async start(): Promise<void> {
    if (this.state === 'active' || this.state === 'activating') return;
    const now = Date.now();
    const interval = spanOf(this.#unit.last('Unit', 'StartLimitIntervalSec'), USUAL.interval);
    const burst = Number(this.#unit.last('Unit', 'StartLimitBurst') ?? BURST);
    this.#starts = this.#starts.filter((time) => now - time < interval);
    if (interval > 0 && Number.isFinite(interval) && this.#starts.length >= burst) {
      this.#say(`${this.#unit.name}: Start request repeated too quickly.`);
      this.#say(`${this.#unit.name}: Failed with result 'start-limit-hit'.`);
      [this.state, this.result] = ['failed', 'start-limit-hit'];
      return;
    }
    this.#starts.push(now);
    this.#asked += 1;
    await this.#run(this.#asked);
  }

  /** Stops it, and keeps it so. */
  async stop(): Promise<void> {
    this.#asked += 1;
    const main = this.#main;
    const wasUp = this.state === 'active';
    if (this.state === 'inactive' || this.state === 'failed') return;
    this.state = 'deactivating';
    this.#say(`Stopping ${this.#title}...`);
    if (wasUp) await this.#commands.all('ExecStop', undefined);
    if (main) await this.#commands.end(main);
    await this.#commands.all('ExecStopPost', undefined);
    this.state = 'inactive';
    this.#say(`Stopped ${this.#title}.`);
  }

  /** Forgets what runs and what was to start again, as a machine does that ends at once. */
  abandon(): void {
    this.#asked += 1;
    this.#main = undefined;
    this.state = 'inactive';
  }

  resetFailed(): void {
    if (this.state === 'failed') this.state = 'inactive';
    this.#starts = [];
  }

  async reloadService(): Promise<boolean> {
    return (
      this.#unit.all('Service', 'ExecReload').length > 0 &&
      (await this.#commands.all('ExecReload', undefined)) === 0
    );
  }

  async #run(turn: number): Promise<void> {
    this.state = 'activating';
    this.#say(`Starting ${this.#title}...`);
    const type =
      this.#unit.last('Service', 'Type') ??
      (this.#unit.all('Service', 'ExecStart').length > 0 ? 'simple' : 'oneshot');
    const limit = spanOf(
      this.#unit.last('Service', 'TimeoutStartSec') ?? this.#unit.last('Service', 'TimeoutSec'),
      type === 'oneshot' ? Number.POSITIVE_INFINITY : USUAL.start,
    );
    const late = Number.isFinite(limit) ? Date.now() + limit : undefined;
    const before = await this.#commands.all('ExecStartPre', late);
    if (turn !== this.#asked) return;
    if (before !== 0) return this.#over(turn, before, false);
    if (type === 'oneshot') {
      const code = await this.#commands.all('ExecStart', late);
      if (turn !== this.#asked) return;
      if (code === 0 && this.#unit.last('Service', 'RemainAfterExit') === 'yes') {
        this.state = 'active';
        this.#say(`Finished ${this.#title}.`);
        return;
      }
      if (code === 0) this.#say(`Finished ${this.#title}.`);
      return this.#over(turn, code, code === 0);
    }
    await this.#long(turn, late);
  }

  /** Runs what is to run as long as the service is up. */
  async #long(turn: number, late: number | undefined): Promise<void> {
    let main: Running;
    try {
      const [value = ''] = this.#unit.all('Service', 'ExecStart');
      main = await this.#commands.launch(value);
    } catch (error) {
      this.#say(`${this.#unit.name}: ${messageOf(error)}`);
      return this.#over(turn, 203, false);
    }
    this.#main = main;
    const after = await this.#commands.all('ExecStartPost', late);
    if (turn !== this.#asked) return;
    if (after !== 0) {
      await this.#commands.end(main);
      return this.#over(turn, after, false);
    }
    this.state = 'active';
    this.#say(`Started ${this.#title}.`);
    void main.ended.then((code) => {
      if (turn === this.#asked && this.#main === main) return this.#exited(turn, code);
      return undefined;
    });
  }

  async #exited(turn: number, code: number): Promise<void> {
    this.#main = undefined;
    if (code !== 0) this.#say(`${this.#unit.name}: Main process exited, ${shownEnding(code)}`);
    this.state = 'deactivating';
    await this.#commands.all('ExecStop', undefined);
    if (turn === this.#asked) await this.#over(turn, code, true);
  }

  /** The end of a turn: as it went, it starts again. @param wasUp whether it had started */
  async #over(turn: number, code: number, wasUp: boolean): Promise<void> {
    await this.#commands.all('ExecStopPost', undefined);
    if (turn !== this.#asked) return;
    const isWell = isClean(this.#unit, code) && (wasUp || code === 0);
    this.exitCode = code;
    this.result = isWell ? 'success' : code > 128 ? 'signal' : 'exit-code';
    this.state = isWell ? 'inactive' : 'failed';
    if (!isWell) this.#say(`${this.#unit.name}: Failed with result '${this.result}'.`);
    if (!wasUp && !isWell) this.#say(`Failed to start ${this.#title}.`);
    if (!restartsAfter(this.#unit, code, isWell)) return;
    this.state = 'activating';
    const wait = spanOf(this.#unit.last('Service', 'RestartSec'), USUAL.restart);
    void sleep(Number.isFinite(wait) ? wait : 0, undefined, { ref: false }).then(() => {
      if (turn !== this.#asked) return undefined;
      this.restarts += 1;
      this.#say(`${this.#unit.name}: Scheduled restart job, restart counter is at ${this.restarts}.`);
      this.state = 'inactive';
      return this.start();
    });
  }

  get #title(): string {
    const description = this.#unit.last('Unit', 'Description');
    return description
      ? `${this.#unit.name} - ${filled(description, this.#unit.name, this.#hostname)}`
      : this.#unit.name;
  }

  #say(line: string): void {
    this.#journal.note('systemd', line, this.#unit.name);
  }
}
