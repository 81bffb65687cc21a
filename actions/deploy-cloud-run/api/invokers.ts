import { setTimeout as sleep } from 'node:timers/promises';
import { cancellation, log } from '@gangway/action';
import { type GoogleCloud, hasStatus } from '@gangway/google-cloud';
import { fields, list, number, object, text } from '@gangway/http';

interface Binding {
  readonly role: string;
  readonly members?: readonly string[];
  readonly condition?: Readonly<Record<string, unknown>>;
}

interface Policy {
  readonly version?: number;
  readonly etag?: string;
  readonly bindings?: readonly Binding[];
}

const BINDING = fields<Binding>({ role: text, members: list(text), condition: object }, 'role');
const POLICY = fields<Policy>({ version: number, etag: text, bindings: list(BINDING) }, 'etag');
const ROLE = 'roles/run.invoker';
/** Times that a policy is read and written while others change it. */
const TRIES = 20;

/**
 * Makes exactly these members the invokers of a service or job. Conditional bindings and other roles stay, and what
 * others change at the same time is read again.
 *
 * @param path of it, `v2/projects/…/services/NAME`
 * @returns those that were invokers before, or undefined when nothing was to be changed
 */
export async function setInvokers(
  cloud: GoogleCloud,
  path: string,
  members: readonly string[],
): Promise<readonly string[] | undefined> {
  let first: readonly string[] | undefined;
  for (let tries = 1; ; tries++) {
    const policy = await cloud.request({
      service: 'run',
      method: 'GET',
      path: `${path}:getIamPolicy`,
      query: { 'options.requestedPolicyVersion': '3' },
      answer: POLICY,
    });
    const { before, added, removed, wanted } = compared(policy, members);
    // A first try whose answer was lost has done it.
    if (added.length === 0 && removed.length === 0) return first;
    first ??= before;
    try {
      const body = { policy: wanted };
      await cloud.request({
        service: 'run',
        method: 'POST',
        path: `${path}:setIamPolicy`,
        body,
        answer: object,
      });
    } catch (error) {
      if (!hasStatus(error, 'ABORTED') || tries === TRIES) throw error;
      await sleep(100 + Math.random() * 400 * tries, undefined, { signal: cancellation });
      continue;
    }
    for (const member of added) log.info(`${member} may call the service now.`);
    for (const member of removed) log.info(`${member} may not call the service any more.`);
    return first;
  }
}

function compared(policy: Policy, members: readonly string[]) {
  const isPlain = ({ role, condition }: Binding) => role === ROLE && condition === undefined;
  const bindings = policy.bindings ?? [];
  const before = [...new Set(bindings.filter(isPlain).flatMap(({ members: granted = [] }) => granted))];
  const others = bindings.filter((binding) => !isPlain(binding));
  return {
    before,
    added: members.filter((member) => !before.includes(member)),
    removed: before.filter((member) => !members.includes(member)),
    wanted: {
      ...policy,
      bindings: [...others, ...(members.length > 0 ? [{ role: ROLE, members: [...members] }] : [])],
    },
  };
}
