import { merged } from '@gangway/settings';
import type { EnvVar, SecretReference } from '../api/resources.ts';
import type { Settings } from '../inputs/settings.ts';

/**
 * The variables a container is to have. Plain ones and secrets are merged or replaced each by its own strategy; a name
 * that is given as one is taken from the other.
 */
export function wantedEnv(
  current: readonly EnvVar[] | undefined,
  settings: Settings,
): readonly EnvVar[] | undefined {
  const { env, envStrategy, secrets, secretsStrategy, removeEnv = [], removeSecrets = [] } = settings;
  const variables =
    secrets && Object.fromEntries(Object.entries(secrets).filter(([name]) => !name.startsWith('/')));
  // Files alone say nothing of variables, unless they are all the secrets there are to be.
  const references =
    variables && (Object.keys(variables).length > 0 || isWhole(secrets, settings)) ? variables : undefined;
  const isRemoving = removeEnv.length + removeSecrets.length > 0;
  if (env === undefined && references === undefined && !isRemoving) return current;
  const plain: Record<string, string> = {};
  const secret: Record<string, SecretReference> = {};
  for (const { name, value = '', valueSource } of current ?? []) {
    if (valueSource?.secretKeyRef) {
      if (!removeSecrets.includes(name)) secret[name] = valueSource.secretKeyRef;
    } else if (!removeEnv.includes(name)) plain[name] = value;
  }
  for (const name of Object.keys(env ?? {})) delete secret[name];
  for (const name of Object.keys(references ?? {})) delete plain[name];
  return [
    ...Object.entries(merged(plain, env, envStrategy)).map(([name, value]) => ({ name, value })),
    ...Object.entries(merged(secret, references, secretsStrategy)).map(([name, secretKeyRef]) => ({
      name,
      valueSource: { secretKeyRef },
    })),
  ];
}

/** Whether the given secrets are all there are to be. */
export function isWhole(secrets: Settings['secrets'], { secretsStrategy }: Settings): boolean {
  return secrets !== undefined && (secretsStrategy === 'overwrite' || Object.keys(secrets).length === 0);
}
