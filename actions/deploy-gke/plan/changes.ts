import { comparable, type KubernetesObject, MARK } from '@gangway/kubernetes';
import { type Change, diff } from '@gangway/settings';

/** What differs between two states of an object. Values of Secrets and of environment variables are not shown. */
export function changesOf(before: KubernetesObject | undefined, after: KubernetesObject): Change[] {
  const { kind } = after;
  const all = diff(before && comparable(before), comparable(after), '', (path) =>
    isSecret(kind, path) ? (value) => (value === undefined ? undefined : '(a value)') : undefined,
  );
  // The mark says no more than that something has changed.
  const told = all.filter(({ path }) => path !== `metadata.annotations.${MARK}`);
  return told.length > 0 ? told : all;
}

function isSecret(kind: string, path: string): boolean {
  if (kind === 'Secret') return /^(data|stringData)(\.|$)/.test(path);
  return /\.env\[[^\]]*\]\.value$/.test(path);
}
