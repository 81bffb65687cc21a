import { log } from '@gangway/action';
import { type AppSecret, type Fly, listSecrets, updateSecrets } from '@gangway/fly';
import type { Flyctl } from '../flyctl/flyctl.ts';
import type { Inputs } from '../inputs.ts';

export interface StagedSecrets {
  /** All that are set now, by name. */
  readonly secrets: readonly AppSecret[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Sets and removes secrets without restarting anything; the deploy that follows brings them to the machines. flyctl, which writes
 * the body of every request into a log file, gets none of them: it is told their version only. Fly alone can tell whether a value is
 * another than before: by its digest.
 */
export async function stageSecrets(
  fly: Fly,
  flyctl: Pick<Flyctl, 'expectSecrets'>,
  app: string,
  { secrets, unsetSecrets }: Pick<Inputs, 'secrets' | 'unsetSecrets'>,
): Promise<StagedSecrets> {
  const before = await listSecrets(fly, app);
  const removed = unsetSecrets.filter((name) => before.some((secret) => secret.name === name));
  if (secrets.size === 0 && removed.length === 0) return { secrets: before, changed: [], removed };
  const gone = removed.map((name): [string, null] => [name, null]);
  await flyctl.expectSecrets(app, await updateSecrets(fly, app, Object.fromEntries([...secrets, ...gone])));
  const after = await listSecrets(fly, app);
  const changed = [...secrets.keys()].filter((name) => digestOf(before, name) !== digestOf(after, name));
  log.info(
    changed.length > 0
      ? `Staged for the deploy: ${changed.join(', ')}.`
      : 'Every secret has the value that it had before.',
  );
  if (removed.length > 0) log.info(`To be removed by the deploy: ${removed.join(', ')}.`);
  return { secrets: after, changed, removed };
}

function digestOf(secrets: readonly AppSecret[], name: string): string | undefined {
  return secrets.find((secret) => secret.name === name)?.digest;
}
