import type { Gateway } from '@gangway/google-cloud/api-gateway';
import { idOf } from './plan.ts';

/** Labels of a gateway: the config that Gangway moved it to last, and those that it served before, the newest first. */
const CURRENT = 'gangway-config';
const BEFORE = ['gangway-previous', 'gangway-previous-2', 'gangway-previous-3'];

type Labels = Readonly<Record<string, string>>;
type Known = Pick<Gateway, 'apiConfig' | 'labels'>;

/**
 * Full names of the configs that a gateway served before, the newest first, as deploys have written them to its labels.
 * Where somebody else has moved it since, the first is the one that Gangway moved it to.
 */
export function servedBefore({ apiConfig, labels }: Known): readonly string[] {
  const now = idOf(apiConfig);
  const ids = [CURRENT, ...BEFORE].flatMap((name) => labels[name] ?? []);
  const configs = apiConfig.replace(/[^/]*$/, '');
  return [...new Set(ids)].filter((id) => id !== now).map((id) => `${configs}${id}`);
}

/**
 * A gateway's labels once it serves a config: others stay. One that goes back to a config that it served before forgets what came
 * after that, so that the next way back leads further.
 *
 * @param gateway as it is before; undefined for a new one
 */
export function labelsWith(gateway: Known | undefined, config: string): Labels {
  const id = idOf(config);
  if (!gateway) return { [CURRENT]: id };
  const others = Object.entries(gateway.labels).filter(
    ([name]) => name !== CURRENT && !BEFORE.includes(name),
  );
  const before = [gateway.apiConfig, ...servedBefore(gateway)]
    .filter((name) => isOfApi(name, config))
    .map(idOf);
  const again = before.indexOf(id);
  const kept = again < 0 ? before : before.slice(again + 1);
  const entries = BEFORE.flatMap((name, index) => (kept[index] ? [[name, kept[index]] as const] : []));
  return Object.fromEntries([...others, [CURRENT, id], ...entries]);
}

/** A config's id means nothing at another API. */
function isOfApi(name: string, config: string): boolean {
  const api = /\/apis\/([^/]+)\//;
  return api.exec(name)?.[1] === api.exec(config)?.[1];
}
