import { getInput } from '@actions/core';
import { ActionError } from './error.ts';
import { mask } from './log/log.ts';
import { readLines, readList } from './pairs/read-pairs.ts';

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

  /** A length of time such as `90s`, `10m`, `1h`, `1h30m` or a bare number of seconds, in milliseconds. */
  duration(name: string): number {
    const value = getInput(name);
    const number = String.raw`(\d+(?:\.\d+)?)`;
    const pattern = new RegExp(`^(?:${number}\\s*h)?\\s*(?:${number}\\s*m)?\\s*(?:${number}\\s*s)?$`);
    const [, hours = 0, minutes = 0, seconds = 0] =
      pattern.exec(/^[\d.]+$/.test(value) ? `${value}s` : value) ?? [];
    const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    if (total === 0) throw invalid(name, value, 'write a time such as 90s, 10m, 1h or 1h30m');
    return Math.round(total * 1000);
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

  /** Items one per line or separated by commas. */
  list(name: string): string[] {
    return input
      .lines(name)
      .flatMap((line) => line.split(','))
      .map((item) => item.trim())
      .filter((item) => item !== '');
  },

  /** Words on lines of their own, as a program gets them: one that begins with `#` is no comment. */
  words(name: string): string[] {
    return getInput(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  },

  /** One NAME=VALUE a line, in the grammar of docs/pairs.md. */
  pairs(name: string): Record<string, string> {
    return readLines(name, getInput(name));
  },

  /**
   * Pairs on lines of their own or separated by commas, in the grammar of docs/pairs.md.
   *
   * @returns undefined when the input is empty, and no pairs for `{}`
   */
  pairList(name: string): Record<string, string> | undefined {
    return readList(name, getInput(name));
  },

  /** The same of a file that an input names. */
  pairsOf(name: string, file: string): Record<string, string> | undefined {
    return readList(name, file);
  },

  /**
   * Pairs whose values are secrets, one per line.
   *
   * @param names what a name may be; one that is none may be a part of a secret, and is not quoted
   * @param hide masks a value; by default all of them, at once
   */
  secrets(name: string, names: RegExp, hide: (value: string) => void = mask): Record<string, string> {
    // Before anything is understood: a value must not show in what is said about it.
    for (const line of input.lines(name)) {
      const value = line.slice(line.indexOf('=') + 1).trim();
      // The "=" that pads base64 is none, and would be hidden everywhere.
      if (value.length > 3) hide(value);
    }
    const secrets = readLines(name, getInput(name), names);
    for (const value of Object.values(secrets)) hide(value);
    return secrets;
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

function quote(value: string): string {
  return value.length > 120 ? `"${value.slice(0, 120)}…"` : `"${value}"`;
}
