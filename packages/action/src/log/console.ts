import { randomBytes } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { harmless, withoutBrackets } from './harmless.ts';
import { type WholeLines, wholeLines } from './whole-lines.ts';

/*
 * The one door to the step's log: nothing else here writes to the standard output. What a program prints is shown with
 * workflow commands stopped by a token that nobody can guess
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands),
 * and neutralised all the same. What the step itself says or commands comes after they have been resumed, in the same
 * write: no mask is ever set where something foreign could have stopped commands, which would print the secret.
 */

const toOutput = process.stdout.write.bind(process.stdout);
const toErrors = process.stderr.write.bind(process.stderr);

/** Resumes commands; undefined while they are not stopped. */
let token: string | undefined;
let isClosed = false;
let isLost = false;
const guarded: WholeLines[] = [];
const secrets = new Set<string>();

/**
 * Shows a secret as `***` from here on. The runner does the same, but only for what it finds whole: neutralising a text could part a
 * secret that holds a colon or a bracket.
 */
export function hide(secret: string): void {
  secrets.add(secret);
}

/** Somebody else's text as it may be printed. */
function shown(text: string, neutral: (text: string) => string): string {
  let hidden = text;
  // A secret must not be replaced before a longer one that it is part of.
  for (const secret of [...secrets].sort((one, other) => other.length - one.length))
    hidden = hidden.replaceAll(secret, '***');
  return neutral(hidden);
}

/** Says something of the step's own, which may quote what somebody else wrote. */
export function say(text: string): void {
  toLog(`${resumed()}${shown(text, harmless)}\n`);
}

/** Shows lines that somebody else wrote, without the end of the last one. */
export function show(lines: string): void {
  if (isClosed) return;
  let start = '';
  if (token === undefined) {
    token = randomBytes(16).toString('hex');
    start = `::stop-commands::${token}\n`;
  }
  toLog(`${start}${shown(lines, harmless)}\n`);
}

/** A command to the runner; properties that are undefined or empty are left out. */
export interface WorkflowCommand {
  readonly name: 'add-mask' | 'debug' | 'endgroup' | 'error' | 'group' | 'notice' | 'warning';
  readonly properties?: Readonly<Record<string, string | number | undefined>>;
  readonly value?: string;
}

/** Gives the runner these commands, with nothing in between. */
export function issue(...commands: readonly WorkflowCommand[]): void {
  toLog(resumed() + commands.map((command) => `${formatted(command)}\n`).join(''));
}

/**
 * Makes what is written past this module go through it: by libraries, and by Node.js itself when it warns. Only a mask
 * and a debug message are taken for commands there, as @actions/core gives them: neither can do harm.
 */
export function guardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const lines = wholeLines(show);
    const decoder = new StringDecoder('utf8');
    guarded.push(lines);
    stream.write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      callback?: (error?: Error | null) => void,
    ): boolean => {
      const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
      if (/^::(?:add-mask|debug)::[^\r\n]*\r?\n$/.test(text)) toLog(resumed() + text);
      else lines.add(text);
      // So that the caller learns how full the stream is, and when this is written.
      return toLog('', typeof encoding === 'function' ? encoding : callback);
    };
  }
  // Node.js prints its warnings past its own streams.
  process
    .removeAllListeners('warning')
    .on('warning', ({ name, message }) => show(`Node.js: ${name}: ${message}`));
}

/** Resumes commands for good: what else comes from programs that outlive the step is not shown. */
export function closeConsole(): void {
  for (const lines of guarded) lines.end();
  isClosed = true;
  toLog(resumed());
}

/** Says on the other stream why the log can't be written. Nothing is from then on. */
export function loseLog(why: string): void {
  if (isLost) return;
  isLost = true;
  toErrors(`${shown(why, harmless)}\n`);
}

/** Characters that may wait for a slow reader of the log. */
const BACKLOG = 1024 * 1024;

/** Resolves when the log was read, if more than a little waits for that; otherwise there is nothing to wait for. */
export function congestion(): Promise<void> | undefined {
  if (process.stdout.writableLength <= BACKLOG) return undefined;
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Writes to the standard output, which keeps everything in order; to the other one only when nobody reads it anymore. */
function toLog(text: string, done?: (error?: Error | null) => void): boolean {
  if (isLost) {
    done?.();
    return true;
  }
  return (process.stdout.writable ? toOutput : toErrors)(text, done);
}

/** What ends the lines shown last, if they are the last thing written. */
function resumed(): string {
  const end = token === undefined ? '' : `::${token}::\n`;
  token = undefined;
  return end;
}

function formatted({ name, properties = {}, value = '' }: WorkflowCommand): string {
  const given = Object.entries(properties).flatMap(([key, property]) =>
    property === undefined || property === '' ? [] : [`${key}=${escapedProperty(String(property))}`],
  );
  // A runner that doesn't know the command would look for another one in its value. A mask is known to all of them, and
  // must be exact.
  const plain = name === 'add-mask' ? value : shown(value, withoutBrackets);
  return `::${name}${given.length > 0 ? ` ${given.join(',')}` : ''}::${escaped(plain)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(shown(text, withoutBrackets)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
