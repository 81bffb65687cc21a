import { comparable, type KubernetesObject } from '@gangway/kubernetes';
import { type Change, diff } from '@gangway/settings';

/** What differs between two states of an object. Values of Secrets and of environment variables are not shown. */
export function changesOf(before: KubernetesObject | undefined, after: KubernetesObject): Change[] {
  const { kind } = after;
  return diff(before && comparable(before), comparable(after), '', (path) =>
    isSecret(kind, path) ? (value) => (value === undefined ? undefined : '(a value)') : undefined,
  );
}

function isSecret(kind: string, path: string): boolean {
  if (kind === 'Secret') return /^(data|stringData)(\.|$)/.test(path);
  return /\.env\[[^\]]*\]\.value$/.test(path);
}
