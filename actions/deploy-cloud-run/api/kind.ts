/** What a step deploys, as the API names it in its paths. */
export type Kind = 'service' | 'job' | 'workerPool';

const WORDS = { service: 'service', job: 'job', workerPool: 'worker pool' } as const;

/** The kind in words. */
export function wordOf(kind: Kind): string {
  return WORDS[kind];
}

/** The input that names one. */
export function inputOf(kind: Kind): string {
  return kind === 'workerPool' ? 'worker_pool' : kind;
}
