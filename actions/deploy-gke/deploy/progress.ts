import { log, seconds } from '@gangway/action';
import { type Kubernetes, type KubernetesObject, whyNotReady } from '@gangway/kubernetes';

/** Milliseconds after which the log says what keeps pods, while they are waited for. */
const PATIENCE = 14_000;

/** Tells the log how far a rollout or a Job has come, and after a while what keeps it. */
export function progress(api: Kubernetes) {
  let shown = '';
  return async (message: string, elapsed: number, object: KubernetesObject): Promise<void> => {
    log.info(`${message} (${seconds(elapsed)})`);
    if (elapsed < PATIENCE) return;
    const { text } = await whyNotReady(api, object);
    if (text !== '' && text !== shown) log.output(`${text}\n`);
    shown = text;
  };
}
