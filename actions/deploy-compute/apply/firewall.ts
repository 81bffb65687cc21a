import { ActionError } from '@gangway/action';
import { FIREWALL, type Firewall } from '@gangway/compute';
import { diff, normal } from '@gangway/settings';
import type { Place } from '../place.ts';
import { NOTHING, type Step } from './step.ts';

/** How a rule of ours is known again: firewall rules have no labels. */
const OURS = 'Made by Gangway';

/** A rule as it is wanted. */
export interface Rule {
  readonly name: string;
  /** For whom it was made, e.g. `the instance app`. */
  readonly of: string;
  /** Full name. */
  readonly network: string;
  readonly sourceRanges: readonly string[];
  readonly targetTag: string;
  readonly allowed: NonNullable<Firewall['allowed']>;
}

/**
 * Plans to make a firewall rule, or to bring one of ours to what is wanted.
 *
 * @throws ActionError `firewall-foreign` for a rule of that name that somebody else made and that says something else
 */
export async function planFirewall(place: Place, rule: Rule, timeout: number): Promise<Step> {
  const { name, of } = rule;
  const found = await place.compute.find(`global/firewalls/${name}`, FIREWALL);
  const wanted = {
    sourceRanges: [...rule.sourceRanges].sort(),
    targetTags: [rule.targetTag],
    allowed: rule.allowed,
  };
  const changes = diff(found && normal(shown(found)), normal(shown(wanted)), `firewall ${name}`);
  if (changes.length === 0) return NOTHING;
  if (found && !found.description?.startsWith(OURS))
    throw new ActionError(
      `A firewall rule ${name} already exists. This action didn't create it, and it allows something else.`,
      {
        code: 'firewall-foreign',
        hint: 'leave allow_from empty to use the rule as it is, or delete it',
      },
    );
  const carryOut = () =>
    place.compute.write({
      ...(found
        ? { method: 'PATCH' as const, path: `global/firewalls/${name}`, body: wanted }
        : {
            method: 'POST' as const,
            path: 'global/firewalls',
            body: {
              ...{ name, network: rule.network, direction: 'INGRESS', description: `${OURS} for ${of}.` },
              ...wanted,
            },
          }),
      what: `${found ? 'changing' : 'making'} the firewall rule ${name}`,
      timeout,
    });
  return { changes, carryOut };
}

function shown({
  sourceRanges,
  targetTags,
  allowed,
}: Pick<Firewall, 'sourceRanges' | 'targetTags' | 'allowed'>) {
  return {
    from: [...(sourceRanges ?? [])].sort(),
    to: targetTags ?? [],
    allow: (allowed ?? [])
      .map(({ IPProtocol, ports = [] }) => `${IPProtocol}:${[...ports].sort().join(',')}`)
      .sort(),
  };
}
