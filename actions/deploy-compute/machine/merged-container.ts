import { merged } from '@gangway/settings';
import type { ContainerInputs } from '../inputs/container.ts';
import type { Container } from './container.ts';

/**
 * The container that is wanted: what the inputs say on top of what the machine has. An input that is empty keeps what is there;
 * `none` and `{}` take it away.
 */
export function mergedContainer(current: Container, inputs: ContainerInputs): Container {
  const { env, secrets, envStrategy, secretsStrategy } = inputs;
  const plain = Object.fromEntries((current.env ?? []).map(({ name, value }) => [name, value]));
  const kept = Object.fromEntries(
    (current.secrets ?? []).map(({ name, secret, version }) => [name, { secret, version }]),
  );
  // A name that is given as the one is taken from the other.
  for (const name of Object.keys(env ?? {})) delete kept[name];
  for (const name of Object.keys(secrets ?? {})) delete plain[name];
  const variables = sorted(merged(plain, env, envStrategy)).map(([name, value]) => ({ name, value }));
  const references = sorted(merged(kept, secrets, secretsStrategy)).map(([name, reference]) => ({
    name,
    ...reference,
  }));
  const wanted: Container = {
    ...current,
    ...given('ports', inputs.ports),
    ...given('volumes', inputs.volumes),
    ...given('command', inputs.command),
    ...given('args', inputs.args),
    ...given('user', inputs.user),
    ...given('memory', inputs.memory),
    ...given('logDriver', inputs.logDriver),
    ...given('network', inputs.network),
    ...given('privileged', inputs.privileged),
    env: variables,
    secrets: references,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => !isNothing(value)));
}

function sorted<T>(pairs: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(pairs).sort(([one], [other]) => (one < other ? -1 : 1));
}

function given<T>(name: keyof Container, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [name]: value };
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === false ||
    value === 'none' ||
    value === 'bridge' ||
    (Array.isArray(value) && value.length === 0)
  );
}
