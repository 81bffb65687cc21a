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
  return change(cloud, path, () => members);
}

/**
 * Makes those the invokers again that were before, if they are still those that this step has made it.
 *
 * @param written what this step made them
 * @returns whether they are; otherwise somebody has changed them since
 */
export async function restoreInvokers(
  cloud: GoogleCloud,
  path: string,
  written: readonly string[],
  before: readonly string[],
): Promise<boolean> {
  let isOwn = true;
  await change(cloud, path, (now) => {
    // A first try whose answer was lost has done it.
    isOwn = isSame(now, written) || isSame(now, before);
    return isOwn ? before : now;
  });
  return isOwn;
}

/** Writes the invokers until nobody changes the policy in between, and says which the last write replaced. */
async function change(
  cloud: GoogleCloud,
  path: string,
  wantedOf: (now: readonly string[]) => readonly string[],
): Promise<readonly string[] | undefined> {
  let replaced: readonly string[] | undefined;
  for (let tries = 1; ; tries++) {
    const policy = await cloud.request({
      service: 'run',
      method: 'GET',
      path: `${path}:getIamPolicy`,
      query: { 'options.requestedPolicyVersion': '3' },
      answer: POLICY,
    });
    const { before, added, removed, wanted } = compared(policy, wantedOf);
    // A first try whose answer was lost has done it.
    if (added.length === 0 && removed.length === 0) return replaced;
    replaced = before;
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
    for (const member of removed) log.info(`${member} may not call the service anymore.`);
    return replaced;
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((member) => right.includes(member));
}

function compared(policy: Policy, wantedOf: (now: readonly string[]) => readonly string[]) {
  const isPlain = ({ role, condition }: Binding) => role === ROLE && condition === undefined;
  const bindings = policy.bindings ?? [];
  const before = [...new Set(bindings.filter(isPlain).flatMap(({ members: granted = [] }) => granted))];
  const others = bindings.filter((binding) => !isPlain(binding));
  const members = wantedOf(before);
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
