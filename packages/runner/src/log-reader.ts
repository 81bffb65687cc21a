import { COMMANDS, type Command, parseCommand } from './command.ts';
import type { Masks } from './masks.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** `title`, `file`, `line`, `endLine`, `col`, `endColumn`: those that were given. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Commands that `::echo::on` does not show. */
const UNECHOED: ReadonlySet<string> = new Set(['add-mask', 'debug', 'error', 'notice', 'warning']);

/**
 * Turns what a script prints into the log that a person sees, and carries out its commands, as GitHub's runner does.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
 */
export class LogReader {
  readonly lines: string[] = [];
  /** Every line as it was written, but for the commands that mask: unless they were stopped, and thus printed. */
  readonly written: string[] = [];
  readonly annotations: Annotation[] = [];
  /** Every command that was carried out, those that resume included. */
  readonly commands: Command[] = [];
  /** What the deprecated commands set. */
  readonly outputs: Record<string, string> = {};
  readonly state: Record<string, string> = {};
  /** Whether a command failed, and the step with it. */
  failed = false;
  readonly #masks: Masks;
  readonly #onLine: (line: string) => void;
  /** In lower case. */
  readonly #registered = new Set(COMMANDS);
  /** The token that resumes commands after `::stop-commands::`. */
  #stopped: string | undefined;
  #echo = false;

  constructor(masks: Masks, onLine: (line: string) => void) {
    this.#masks = masks;
    this.#onLine = onLine;
  }

  read(line: string): void {
    const command = parseCommand(line, this.#registered);
    const name = command?.name.toLowerCase() ?? '';
    if (name !== 'add-mask' || this.#stopped !== undefined) this.written.push(line);
    if (!command || (this.#stopped !== undefined && name !== this.#stopped)) {
      this.#show(line);
      return;
    }
    this.commands.push(command);
    if (this.#stopped !== undefined) {
      this.#show(line);
      this.#registered.delete(this.#stopped);
      this.#stopped = undefined;
    } else {
      if (this.#echo && !UNECHOED.has(name) && name !== 'stop-commands') this.#show(line);
      this.#carryOut(name, command, line);
    }
  }

  #carryOut(name: string, { value, properties }: Command, line: string): void {
    switch (name) {
      case 'add-mask':
        if (value.trim() === '') this.#annotate('warning', "Can't add secret mask for empty string.");
        else this.#masks.add(value);
        break;
      case 'error':
      case 'warning':
      case 'notice':
        this.#annotate(name, value, properties);
        break;
      case 'group':
        this.#show(`▸ ${value}`);
        break;
      case 'stop-commands':
        this.#stop(value, line);
        break;
      case 'echo':
        if (!/^(on|off)$/i.test(value.trim())) this.#fail(line, `Invalid echo command value: '${value}'.`);
        else this.#echo = /on/i.test(value);
        break;
      case 'set-output':
      case 'save-state':
        if (properties.name) this[name === 'set-output' ? 'outputs' : 'state'][properties.name] = value;
        else this.#fail(line, `Required field 'name' is missing in ##[${name}] command.`);
        break;
      case 'set-env':
      case 'add-path':
        this.#fail(line, `The \`${name}\` command is disabled.`);
        break;
      // debug and endgroup show nothing; matchers find nothing here.
    }
  }

  #stop(token: string, line: string): void {
    if (
      token === '' ||
      token.toLowerCase() === 'pause-logging' ||
      this.#registered.has(token.toLowerCase())
    ) {
      this.#fail(line, 'Invalid stop-commands token.');
      return;
    }
    this.#stopped = token.toLowerCase();
    this.#registered.add(this.#stopped);
    if (token.length > 6) this.#masks.hide(token);
    this.#show(line);
  }

  #fail(line: string, reason: string): void {
    this.failed = true;
    this.#annotate('error', `Unable to process command '${line}' successfully.`);
    this.#annotate('error', reason);
  }

  #annotate(
    level: Annotation['level'],
    message: string,
    properties: Readonly<Record<string, string>> = {},
  ): void {
    this.annotations.push({ level, message: this.#masks.apply(message), properties });
    this.#show(`${level[0]?.toUpperCase()}${level.slice(1)}: ${message}`);
  }

  #show(text: string): void {
    for (const line of this.#masks.apply(text).split('\n')) {
      this.lines.push(line);
      this.#onLine(line);
    }
  }
}
