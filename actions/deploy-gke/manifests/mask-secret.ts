import { log, mask } from '@gangway/action';
import type { KubernetesObject } from '@gangway/kubernetes';

/** Masks the values of a Secret; of anything else nothing. */
export function maskSecret({ kind, data, stringData }: KubernetesObject): void {
  if (kind !== 'Secret') return;
  for (const value of Object.values(Object(stringData))) hide(String(value));
  for (const value of Object.values(Object(data))) {
    hide(String(value));
    hide(Buffer.from(String(value), 'base64').toString('utf8'));
  }
}

/** A short text would be hidden everywhere, in words that have nothing to do with it. */
function hide(value: string): void {
  if (value.length > 3) mask(value);
  else if (value !== '') log.debug('A value of a Secret is too short to be masked.');
}
