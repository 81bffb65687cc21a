import { getState, saveState } from '@actions/core';

/** Keeps a text of the main step for its post step. */
export function remember(name: string, value: string): void {
  saveState(name, value);
}

/** What the main step kept by that name; empty when it kept nothing. */
export function remembered(name: string): string {
  return getState(name);
}
