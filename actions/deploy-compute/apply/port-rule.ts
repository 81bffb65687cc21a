import { ActionError } from '@gangway/action';
import type { Inputs } from '../inputs.ts';
import { partsOfPort } from '../machine/container.ts';
import type { Place } from '../place.ts';
import { planFirewall } from './firewall.ts';
import { NOTHING, type Standing, type Step } from './step.ts';

/** Name of the rule that lets clients in. */
export function portRuleName(name: string): string {
  return `${name}-ports`;
}

/**
 * The rule that `allow_from` asks for: it opens the published ports to these ranges.
 *
 * @param network full name
 * @param ports that the machine publishes
 */
export async function planPortRule(
  place: Place,
  network: string,
  ports: readonly string[],
  inputs: Inputs,
): Promise<Step> {
  const { name, kind, surroundings, timeout } = inputs;
  if (surroundings.allowFrom.length === 0) return NOTHING;
  if (ports.length === 0)
    throw new ActionError('Input "allow_from" opens the ports of the machine, and "ports" names none.', {
      code: 'input-conflict',
      hint: 'write ports, such as 80:8080, or leave out allow_from',
    });
  const parts = ports.map(partsOfPort);
  const allowed = ['tcp', 'udp'].flatMap((protocol) => {
    const own = parts.filter((part) => part.protocol === protocol).map(({ host }) => host);
    return own.length > 0 ? [{ IPProtocol: protocol, ports: own }] : [];
  });
  const rule = { name: portRuleName(name), of: `the ${kind} ${name}`, network, targetTag: name, allowed };
  return planFirewall(place, { ...rule, sourceRanges: surroundings.allowFrom }, timeout);
}

/** What a step leaves standing of it. @see https://cloud.google.com/firewall/pricing */
export function standingRule(name: string): Standing {
  return { what: `firewall rule ${name}`, costs: 'free' };
}
