import type { ActRun } from './run-act.ts';

export interface Outcome {
  readonly gateway: string;
  readonly key: string;
  /** Statuses of GET / there. */
  readonly withoutKey: number;
  readonly withKey: number;
}

/** What stands after the example's workflow, and what it answers. act masks the key in what it prints, not in its events. */
export async function outcomeOf({ outputs }: ActRun): Promise<Outcome> {
  const url = outputs.gateway?.url ?? '';
  const gateway = /^https?:/.test(url) ? url : `http://${url}`;
  const key = outputs.key?.key ?? '';
  return {
    gateway,
    key,
    withoutKey: (await fetch(gateway)).status,
    withKey: (await fetch(gateway, { headers: { 'x-api-key': key } })).status,
  };
}
