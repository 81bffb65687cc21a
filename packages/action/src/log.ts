import * as core from '@actions/core';
import { harmless } from './harmless.ts';

/** The log of the running step. */
export const log = {
  /** Says something, which may quote what somebody else wrote. */
  info(message: string): void {
    core.info(harmless(message));
  },
  debug: core.debug,
  warning(message: string, at?: Place): void {
    core.warning(message, properties(at));
  },
  error(message: string, at?: Place): void {
    core.error(message, properties(at));
  },
  notice(message: string, at?: Place): void {
    core.notice(message, properties(at));
  },
  /** Folds what `work` logs under a title. */
  group: core.group,
};

/** Where an annotation points: a file of the workspace, lines and columns from 1. */
export interface Place {
  readonly title?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

const masked = new Set<string>();

/** Whether a value was masked by this step: the runner hides it in its log, and what does not go through that must do so itself. */
export function isMasked(value: string): boolean {
  return masked.has(value);
}

/** Masks a secret, and each line of it, from here on. Call it the moment the secret exists. */
export function mask(secret: string): void {
  if (secret.trim() === '') return;
  masked.add(secret);
  core.setSecret(secret);
  // The runner masks lines by itself; act masks the whole value only.
  const lines = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length > 3);
  if (lines.length > 1) for (const line of lines) core.setSecret(line);
}

function properties(at: Place = {}): core.AnnotationProperties {
  const { title, file, line, column } = at;
  return {
    ...(title && { title }),
    ...(file && { file }),
    ...(line && { startLine: line }),
    ...(column && { startColumn: column }),
  };
}
