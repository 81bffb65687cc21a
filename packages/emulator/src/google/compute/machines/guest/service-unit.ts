import { setTimeout as sleep } from 'node:timers/promises';
import { commandLines, expand } from './command-line.ts';
import { environmentOf } from './environment.ts';
import type { Running, Shell } from './shell.ts';
import { spanOf } from './spans.ts';
import type { UnitFile } from './unit-file.ts';

/** Milliseconds that systemd waits for a start, for a stop, and before it starts again. */
const USUAL = { start: 90_000, stop: 90_000, restart: 100, interval: 10_000 };
/** Starts within the interval after which it gives up. */
const BURST = 5;
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  6: 'ABRT',
  9: 'KILL',
  13: 'PIPE',
  15: 'TERM',
};
/** Signals that end a service in good order. */
const CLEAN = [1, 2, 13, 15];

export type UnitState = 'inactive' | 'activating' | 'active' | 'deactivating' | 'failed';

/** What a service says, to the journal of its machine. */
export interface Journal {
  /** @param from `systemd`, or what the lines of a unit are known by */
  note(from: string, line: string, unit: string): void;
}

/** A service as systemd runs it: the keys of `[Service]` that say what is run when, as whom, with which variables, and when again. */
export class ServiceUnit {
  state: UnitState = 'inactive';
  result = 'success';
  exitCode = 0;
  restarts = 0;
  readonly #shell: Shell;
  readonly #journal: Journal;
  readonly #hostname: string;
  #unit: UnitFile;
  #main: Running | undefined;
  #starts: number[] = [];
  #asked = 0;

  constructor(shell: Shell, journal: Journal, hostname: string, unit: UnitFile) {
    this.#shell = shell;
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
    if (wasUp) await this.#commands('ExecStop', undefined);
    if (main) await this.#end(main);
    await this.#commands('ExecStopPost', undefined);
    this.state = 'inactive';
    this.#say(`Stopped ${this.#title}.`);
  }

  resetFailed(): void {
    if (this.state === 'failed') this.state = 'inactive';
    this.#starts = [];
  }

  async reloadService(): Promise<boolean> {
    return (
      this.#unit.all('Service', 'ExecReload').length > 0 &&
      (await this.#commands('ExecReload', undefined)) === 0
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
    const before = await this.#commands('ExecStartPre', late);
    if (turn !== this.#asked) return;
    if (before !== 0) return this.#over(turn, before, false);
    if (type === 'oneshot') {
      const code = await this.#commands('ExecStart', late);
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
      main = await this.#launch(value);
    } catch (error) {
      this.#say(`${this.#unit.name}: ${messageOf(error)}`);
      return this.#over(turn, 203, false);
    }
    this.#main = main;
    const after = await this.#commands('ExecStartPost', late);
    if (turn !== this.#asked) return;
    if (after !== 0) {
      await this.#end(main);
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
    const signal = code > 128 ? (SIGNALS[code - 128] ?? String(code - 128)) : undefined;
    if (code !== 0)
      this.#say(
        `${this.#unit.name}: Main process exited, code=${signal ? 'killed' : 'exited'}, status=${signal ? `${code - 128}/${signal}` : `${code}/n/a`}`,
      );
    this.state = 'deactivating';
    await this.#commands('ExecStop', undefined);
    if (turn === this.#asked) await this.#over(turn, code, true);
  }

  /** The end of a turn: as it went, it starts again. @param wasUp whether it had started */
  async #over(turn: number, code: number, wasUp: boolean): Promise<void> {
    await this.#commands('ExecStopPost', undefined);
    if (turn !== this.#asked) return;
    const isClean = this.#isClean(code) && (wasUp || code === 0);
    this.exitCode = code;
    this.result = isClean ? 'success' : code > 128 ? 'signal' : 'exit-code';
    this.state = isClean ? 'inactive' : 'failed';
    if (!isClean) this.#say(`${this.#unit.name}: Failed with result '${this.result}'.`);
    if (!wasUp && !isClean) this.#say(`Failed to start ${this.#title}.`);
    if (!this.#restartsAfter(code, isClean)) return;
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

  #restartsAfter(code: number, isClean: boolean): boolean {
    const prevented = (this.#unit.last('Service', 'RestartPreventExitStatus') ?? '').split(/\s+/);
    if (prevented.includes(String(code))) return false;
    const when = this.#unit.last('Service', 'Restart') ?? 'no';
    if (when === 'always') return true;
    if (when === 'on-success') return isClean;
    if (when === 'on-failure') return !isClean;
    return (when === 'on-abnormal' || when === 'on-abort') && code > 128 && !isClean;
  }

  #isClean(code: number): boolean {
    const more = (this.#unit.last('Service', 'SuccessExitStatus') ?? '').split(/\s+/);
    const name = SIGNALS[code - 128];
    return (
      code === 0 ||
      CLEAN.includes(code - 128) ||
      more.includes(String(code)) ||
      (name !== undefined && more.includes(`SIG${name}`))
    );
  }

  /** Runs the commands of a key one after the other. @returns the code of the first that fails; 0 */
  async #commands(key: string, late: number | undefined): Promise<number> {
    for (const value of this.#unit.all('Service', key)) {
      try {
        const code = await this.#one(value, late);
        if (code !== 0) {
          this.#say(
            `${this.#unit.name}: Control process exited, code=exited, status=${code}/n/a (${key}=${value.slice(0, 120)})`,
          );
          return code;
        }
      } catch (error) {
        this.#say(`${this.#unit.name}: ${messageOf(error)}`);
        return 203;
      }
    }
    return 0;
  }

  async #one(value: string, late: number | undefined): Promise<number> {
    for (const line of commandLines(this.#put(value))) {
      const running = await this.#launch(value, line);
      const code = await (late === undefined ? running.ended : this.#until(running, late));
      if (code !== 0 && !line.mayFail) return code;
    }
    return 0;
  }

  async #until(running: Running, late: number): Promise<number> {
    const over = new AbortController();
    const timeout = sleep(Math.max(0, late - Date.now()), 'late', { signal: over.signal, ref: false }).catch(
      () => 'over',
    );
    const first = await Promise.race([running.ended, timeout]);
    over.abort();
    if (typeof first === 'number') return first;
    this.#say(`${this.#unit.name}: start operation timed out. Terminating.`);
    await this.#end(running);
    return 143;
  }

  async #launch(value: string, line = commandLines(this.#put(value))[0]): Promise<Running> {
    if (!line) throw new Error('Service has no ExecStart= setting. Refusing.');
    const env = await environmentOf(this.#shell, this.#unit, (text) => this.#put(text));
    const [user, group, directory] = ['User', 'Group', 'WorkingDirectory'].map((key) =>
      this.#unit.last('Service', key),
    );
    const words = line.isLiteral ? line.words : expand(line.words, env);
    const name = words[0]?.split('/').at(-1) ?? '';
    return this.#shell.start(words, {
      env,
      ...(user !== undefined && !line.isPrivileged && { user }),
      ...(group !== undefined && !line.isPrivileged && { group }),
      ...(directory !== undefined && {
        directory: this.#put(directory.replace(/^-/, '').replace(/^~$/, env.HOME ?? '/root')),
      }),
      onLine: (text) =>
        this.#journal.note(this.#unit.last('Service', 'SyslogIdentifier') ?? name, text, this.#unit.name),
    });
  }

  async #end(running: Running): Promise<void> {
    const signal = (this.#unit.last('Service', 'KillSignal') ?? 'SIGTERM').replace(/^SIG/, '');
    const limit = spanOf(
      this.#unit.last('Service', 'TimeoutStopSec') ?? this.#unit.last('Service', 'TimeoutSec'),
      USUAL.stop,
    );
    await running.signal(signal);
    const over = new AbortController();
    const timeout = sleep(Math.min(limit, 2 ** 31 - 1), 'late', { signal: over.signal, ref: false }).catch(
      () => 'over',
    );
    const first = await Promise.race([running.ended, timeout]);
    over.abort();
    if (first === 'late') {
      this.#say(`${this.#unit.name}: State 'stop-sigterm' timed out. Killing.`);
      await running.signal('KILL');
      await running.ended;
    }
    if (this.#main === running) this.#main = undefined;
  }

  /** Puts in what `%` stands for (https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html, "Specifiers"). */
  #put(text: string): string {
    const { name } = this.#unit;
    const [, prefix = '', instance = ''] = /^(.*?)(?:@(.*))?\.\w+$/.exec(name) ?? [];
    const known: Readonly<Record<string, string>> = {
      ...{
        '%': '%',
        n: name,
        N: name.replace(/\.\w+$/, ''),
        p: prefix,
        i: instance,
        I: instance.replaceAll('-', '/'),
      },
      ...{
        H: this.#hostname,
        l: this.#hostname,
        h: '/root',
        u: 'root',
        U: '0',
        t: '/run',
        S: '/var/lib',
        C: '/var/cache',
        L: '/var/log',
        T: '/tmp',
      },
    };
    return text.replace(/%(.)/g, (whole, letter: string) => known[letter] ?? whole);
  }

  get #title(): string {
    const description = this.#unit.last('Unit', 'Description');
    return description ? `${this.#unit.name} - ${this.#put(description)}` : this.#unit.name;
  }

  #say(line: string): void {
    this.#journal.note('systemd', line, this.#unit.name);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
