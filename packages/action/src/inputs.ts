import { getInput } from '@actions/core';
import { ActionError } from './error.ts';
import { mask } from './log/log.ts';

/**
 * Reads the inputs of the running action, as action.yml names them. Every reader trims, takes an empty value
 * for an absent one, and throws an ActionError that names the input, its value and the cure.
 */
export const input = {
  /** The value, or undefined when it is empty. */
  optional(name: string): string | undefined {
    return getInput(name) || undefined;
  },

  required(name: string, hint?: string): string {
    const value = getInput(name);
    if (!value) {
      throw new ActionError(`Input "${name}" is required and was empty.`, {
        code: 'input-missing',
        hint:
          hint ??
          `set ${name} under "with:"; if it comes from a secret or a variable, check that it exists here`,
      });
    }
    return value;
  },

  /**
   * `true` or `false`, in the spellings of YAML 1.2's core schema. Empty is neither: the default stands in action.yml,
   * and an expression that came out empty must not switch a protection off.
   */
  boolean(name: string): boolean {
    const value = getInput(name);
    if (/^(true|True|TRUE)$/.test(value)) return true;
    if (/^(false|False|FALSE)$/.test(value)) return false;
    throw invalid(name, value, 'write true or false, or leave it out');
  },

  /** A whole number within bounds, or undefined when empty. */
  integer(name: string, { min, max }: { min: number; max: number }): number | undefined {
    const value = getInput(name);
    if (!value) return undefined;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max) {
      throw invalid(name, value, `write a whole number from ${min} to ${max}`);
    }
    return number;
  },

  /** A length of time such as `90s`, `10m`, `1h` or a bare number of seconds, in milliseconds. */
  duration(name: string): number {
    const value = getInput(name);
    const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(s|m|h)?$/.exec(value) ?? [];
    if (!amount || Number(amount) === 0) throw invalid(name, value, 'write a time such as 90s, 10m or 1h');
    return Number(amount) * { s: 1000, m: 60_000, h: 3_600_000 }[(unit ?? 's') as 's' | 'm' | 'h'];
  },

  /** One of a few words. */
  choice<T extends string>(name: string, choices: readonly T[]): T {
    const value = getInput(name);
    const choice = choices.find((candidate) => candidate === value);
    if (!choice) throw invalid(name, value, `write one of ${choices.join(', ')}`);
    return choice;
  },

  /** Lines, without empty ones and `#` comments. */
  lines(name: string): string[] {
    return getInput(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  },

  /** Items on lines of their own or parted by commas. */
  list(name: string): string[] {
    return input
      .lines(name)
      .flatMap((line) => line.split(','))
      .map((item) => item.trim())
      .filter((item) => item !== '');
  },

  /** Lines of NAME=VALUE; the value is everything after the first `=`. */
  pairs(name: string): Record<string, string> {
    return readPairs(name, (line) => invalid(name, line, 'write one NAME=VALUE a line'));
  },

  /** Pairs whose values are secrets: masked at once, and no line is quoted, since it may be a part of one. */
  secrets(name: string): Record<string, string> {
    for (const line of input.lines(name)) mask(line.slice(line.indexOf('=') + 1).trim());
    return readPairs(
      name,
      (_, number) =>
        new ActionError(`Input "${name}" is not valid: line ${number} is no NAME=VALUE.`, {
          code: 'input-invalid',
          hint: 'write one NAME=VALUE a line; encode a value that has lines of its own, e.g. in base64',
        }),
    );
  },

  /** A value of a known shape. */
  matching(name: string, pattern: RegExp, hint: string): string {
    const value = input.required(name);
    if (!pattern.test(value)) throw invalid(name, value, hint);
    return value;
  },
};

export type InputReader = typeof input;

/** The error for an input whose value can't be used. */
export function invalid(name: string, value: string, hint: string): ActionError {
  return new ActionError(`Input "${name}" is not valid: ${quote(value)}.`, { code: 'input-invalid', hint });
}

function readPairs(
  name: string,
  wrong: (line: string, number: number) => ActionError,
): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const [index, line] of input.lines(name).entries()) {
    const at = line.indexOf('=');
    if (at < 1) throw wrong(line, index + 1);
    const key = line.slice(0, at).trim();
    if (pairs.has(key)) throw invalid(name, key, `${key} is there twice; keep one`);
    pairs.set(key, line.slice(at + 1).trim());
  }
  return Object.fromEntries(pairs);
}

function quote(value: string): string {
  return value.length > 120 ? `"${value.slice(0, 120)}…"` : `"${value}"`;
}
