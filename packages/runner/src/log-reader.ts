import { type Command, parseCommand } from './command.ts';
import type { Masks } from './masks.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** `title`, `file`, `line`, `endLine`, `col`, `endColumn`: those that were given. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Turns what a script prints into the log that a person sees, and collects its annotations and masks. */
export class LogReader {
  readonly lines: string[] = [];
  /** Every line as it was written, but for the commands that mask. */
  readonly written: string[] = [];
  readonly annotations: Annotation[] = [];
  readonly #masks: Masks;
  readonly #onLine: (line: string) => void;
  /** The token that resumes commands after `::stop-commands::`. */
  #stopped: string | undefined;

  constructor(masks: Masks, onLine: (line: string) => void) {
    this.#masks = masks;
    this.#onLine = onLine;
  }

  read(line: string): void {
    const command = parseCommand(line);
    if (command?.name !== 'add-mask') this.written.push(line);
    if (this.#stopped !== undefined) {
      if (command?.name === this.#stopped) this.#stopped = undefined;
      else this.#show(line);
    } else if (command) {
      this.#carryOut(command, line);
    } else {
      this.#show(line);
    }
  }

  #carryOut(command: Command, line: string): void {
    const { name, value, properties } = command;
    switch (name) {
      case 'add-mask':
        this.#masks.add(value);
        break;
      case 'error':
      case 'warning':
      case 'notice':
        this.annotations.push({ level: name, message: this.#masks.apply(value), properties });
        this.#show(`${name[0]?.toUpperCase()}${name.slice(1)}: ${value}`);
        break;
      case 'group':
        this.#show(`▸ ${value}`);
        break;
      case 'stop-commands':
        this.#stopped = value;
        break;
      case 'debug':
      case 'endgroup':
        break;
      default:
        this.#show(line);
    }
  }

  #show(text: string): void {
    for (const line of this.#masks.apply(text).split('\n')) {
      this.lines.push(line);
      this.#onLine(line);
    }
  }
}
