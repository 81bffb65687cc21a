import { setTimeout as sleep } from 'node:timers/promises';
import { commandLines, expand } from './command-line.ts';
import { environmentOf } from './environment.ts';
import type { Running, Shell } from './shell.ts';
import { spanOf } from './spans.ts';
import { filled } from './specifiers.ts';
import type { UnitFile } from './unit-file.ts';

/** Milliseconds that systemd waits for what it stops. */
const USUAL_STOP = 90_000;
/** systemd's own exit code of what it could not run. */
const NOT_RUN = 203;

/** What a service says, to the journal of its machine. */
export interface Journal {
  /** @param from `systemd`, or what the lines of a unit are known by */
  note(from: string, line: string, unit: string): void;
}

/** The commands of a unit, run as its keys say: as whom, where, with which variables. */
export class UnitCommands {
  readonly #shell: Shell;
  readonly #journal: Journal;
  readonly #hostname: string;
  readonly #unitNow: () => UnitFile;

  /** @param unit as its files are now */
  constructor(shell: Shell, journal: Journal, hostname: string, unit: () => UnitFile) {
    this.#shell = shell;
    this.#journal = journal;
    this.#hostname = hostname;
    this.#unitNow = unit;
  }

  /** Runs the commands of a key one after the other. @returns the code of the first that fails; 0 */
  async all(key: string, late: number | undefined): Promise<number> {
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
        return NOT_RUN;
      }
    }
    return 0;
  }

  async #one(value: string, late: number | undefined): Promise<number> {
    for (const line of commandLines(this.#put(value))) {
      const running = await this.launch(value, line);
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
    await this.end(running);
    return 143;
  }

  /** Starts a command of the unit's. @throws Error for one that can't be read, or whose files or user are not there */
  async launch(value: string, line = commandLines(this.#put(value))[0]): Promise<Running> {
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

  /** Ends it with the unit's signal, and with SIGKILL what doesn't end in time. */
  async end(running: Running): Promise<void> {
    const signal = (this.#unit.last('Service', 'KillSignal') ?? 'SIGTERM').replace(/^SIG/, '');
    const limit = spanOf(
      this.#unit.last('Service', 'TimeoutStopSec') ?? this.#unit.last('Service', 'TimeoutSec'),
      USUAL_STOP,
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
  }

  #put(text: string): string {
    return filled(text, this.#unit.name, this.#hostname);
  }

  #say(line: string): void {
    this.#journal.note('systemd', line, this.#unit.name);
  }

  get #unit(): UnitFile {
    return this.#unitNow();
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
