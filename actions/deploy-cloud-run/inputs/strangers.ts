import { ActionError, input } from '@gangway/action';
import { type Kind, wordOf } from '../api/kind.ts';
import type { JobInputs } from './settings.ts';

/** Inputs that mean something to some kinds alone. */
const MEANT_FOR: Readonly<Record<string, readonly Kind[]>> = {
  ...forKinds(
    'min_instances max_instances service_min_instances service_max_instances concurrency port use_http2 startup_probe liveness_probe readiness_probe cpu_throttling cpu_boost session_affinity ingress custom_audiences invoker_iam_check traffic revision_traffic tag_traffic tag check_url check_as',
    'service',
  ),
  ...forKinds('description suffix', 'service', 'workerPool'),
  ...forKinds('request_timeout execution_environment invokers', 'service', 'job'),
  ...forKinds('tasks parallelism max_retries', 'job'),
  ...forKinds('instances', 'workerPool'),
};

/** The kinds' own files, from which the inputs above are left out where another is deployed. */
const ORDER: readonly Kind[] = ['service', 'job', 'workerPool'];

/**
 * Refuses what means nothing to the kind that is deployed: it would be lost without a word.
 *
 * @throws ActionError that names the input
 */
export function refuseStrangers({ kind, job }: { readonly kind: Kind; readonly job: JobInputs }): void {
  const stranger = Object.keys(MEANT_FOR).find(
    (name) => input.optional(name) !== undefined && !MEANT_FOR[name]?.includes(kind),
  );
  if (stranger) throw meaningless(stranger, kind, MEANT_FOR[stranger] ?? []);
  if (kind !== 'service' && input.boolean('no_traffic')) throw meaningless('no_traffic', kind, ['service']);
  if (kind === 'job') return;
  if (input.boolean('execute')) throw meaningless('execute', kind, ['job']);
  if (input.optional('wait') === undefined) return;
  if (job.wait) throw meaningless('wait', kind, ['job']);
  // A rollout that nobody waits for can't be called a success.
  throw new ActionError(`Input "wait" does not apply to a ${wordOf(kind)}: the step always waits for it.`, {
    code: 'input-invalid',
    hint: 'leave it out; timeout says how long to wait',
  });
}

function meaningless(name: string, kind: Kind, kinds: readonly Kind[]): ActionError {
  const others = ORDER.filter((other) => kinds.includes(other)).map(wordOf);
  return new ActionError(`Input "${name}" does not apply to a ${wordOf(kind)}.`, {
    code: 'input-invalid',
    hint: `leave it out, or deploy a ${others.join(' or a ')}`,
  });
}

function forKinds(names: string, ...kinds: readonly Kind[]): Record<string, readonly Kind[]> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kinds]));
}
