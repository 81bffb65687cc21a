import type { Outcome } from './guest/shell.ts';
import type { Serial } from './serial.ts';

/** Lines that are kept. */
const MOST = 2000;

/** The journal of a machine, which goes to its serial port as well. */
export class Journal {
  readonly #serial: Serial;
  readonly #lines: { readonly unit: string; readonly line: string }[] = [];

  constructor(serial: Serial) {
    this.#serial = serial;
  }

  /** @param from `systemd`, or what the lines of a unit are known by */
  note(from: string, line: string, unit = from): void {
    this.#serial.log(from === 'systemd' ? 'systemd[1]' : from, line);
    this.#lines.push({ unit, line: `${from}: ${line}` });
    this.#lines.splice(0, this.#lines.length - MOST);
  }

  /** What `journalctl` shows: of all units, or of one. */
  journalctl(args: readonly string[]): Outcome {
    const at = args.findIndex((arg) => /^-(?:u|-unit|\w*u)$/.test(arg));
    const named = args.find((arg) => arg.startsWith('--unit='))?.slice('--unit='.length);
    const unit = named ?? (at < 0 ? undefined : args[at + 1]);
    const shown = this.#lines.filter(
      (one) => unit === undefined || one.unit === unit || one.unit === `${unit}.service`,
    );
    return { code: 0, stdout: shown.map(({ line }) => `${line}\n`).join(''), stderr: '' };
  }
}
