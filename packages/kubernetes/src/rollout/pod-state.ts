import { type KubernetesObject, listAt, numberAt, textAt } from '../objects/object.ts';

/** What a container waits for, or ended with. */
export interface Reason {
  readonly reason: string;
  readonly message: string;
  readonly image: string;
}

/** Whether a pod has started, or ended well. */
export function isReady(pod: KubernetesObject): boolean {
  if (textAt(pod, 'status', 'phase') === 'Succeeded') return true;
  return listAt(pod, 'status', 'conditions').some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
}

/** The states of its containers, those that run first before them included. */
export function containersOf(pod: KubernetesObject) {
  return [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
}

/** What its containers wait for or ended with, but for what passes by itself. */
export function reasonsOf(pod: KubernetesObject): Reason[] {
  return containersOf(pod).flatMap((container) => {
    const image = textAt(container, 'image') ?? '';
    const waiting = textAt(container, 'state', 'waiting', 'reason');
    const ended = textAt(container, 'state', 'terminated', 'reason');
    const found: Reason[] = [];
    if (waiting && !/^(ContainerCreating|PodInitializing)$/.test(waiting))
      found.push({ reason: waiting, message: textAt(container, 'state', 'waiting', 'message') ?? '', image });
    if (ended && ended !== 'Completed')
      found.push({ reason: ended, message: exitOf(container, 'state'), image });
    const last = textAt(container, 'lastState', 'terminated', 'reason');
    if (last && !ended) found.push({ reason: last, message: exitOf(container, 'lastState'), image });
    return found;
  });
}

function exitOf(container: unknown, state: 'state' | 'lastState'): string {
  const code = numberAt(container, state, 'terminated', 'exitCode');
  const signal = numberAt(container, state, 'terminated', 'signal');
  const message = textAt(container, state, 'terminated', 'message');
  return [
    `exit code ${code ?? '?'}`,
    ...(signal ? [`signal ${signal}`] : []),
    ...(message ? [message] : []),
  ].join(', ');
}

/** The state of a pod in a line. */
export function stateOf(pod: KubernetesObject, reasons: readonly Reason[]): string {
  const pending = listAt(pod, 'status', 'conditions').find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  const said = [
    ...(pending ? [`${pending.reason}: ${pending.message}`] : []),
    ...reasons.map(({ reason, message }) => (message ? `${reason} (${message})` : reason)),
  ];
  if (said.length > 0) return said.join('; ');
  const waits = containersOf(pod).filter(({ ready }) => ready !== true);
  const names = waits.map(({ name }) => name).join(', ');
  return `${textAt(pod, 'status', 'phase') ?? 'no phase'}${names ? `; not ready: ${names}` : ''}`;
}
