import type { Machine } from '../machines/machine.ts';
import type { AppRecord } from './app-record.ts';

/** An app and its machines. */
export interface App extends AppRecord {
  /** Every machine there ever was: one that is destroyed can still be asked for. */
  readonly machines: Map<string, Machine>;
}

/** An app counts as deployed from its first complete release on. */
export function statusOf(app: App): 'pending' | 'deployed' | 'suspended' {
  const machines = [...app.machines.values()].filter(({ active }) => active);
  if (!app.releases.some(({ status }) => status === 'complete')) return 'pending';
  return machines.length > 0 && machines.every(({ state }) => state === 'stopped') ? 'suspended' : 'deployed';
}
