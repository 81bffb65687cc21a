import { log } from '@gangway/action';
import type { GoogleCloud } from '@gangway/google-cloud';
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

/**
 * Makes exactly these members the invokers of a service or job. Conditional bindings and other roles stay.
 *
 * @param path of it, `v2/projects/…/services/NAME`
 * @returns whether the policy was changed
 */
export async function setInvokers(
  cloud: GoogleCloud,
  path: string,
  members: readonly string[],
): Promise<boolean> {
  const policy = await cloud.request({
    service: 'run',
    method: 'GET',
    path: `${path}:getIamPolicy`,
    query: { 'options.requestedPolicyVersion': '3' },
    answer: POLICY,
  });
  const isPlain = ({ role, condition }: Binding) => role === ROLE && condition === undefined;
  const bindings = policy.bindings ?? [];
  const current = new Set(bindings.filter(isPlain).flatMap(({ members: granted = [] }) => granted));
  const wanted = new Set(members);
  const added = [...wanted.difference(current)];
  const removed = [...current.difference(wanted)];
  if (added.length === 0 && removed.length === 0) return false;

  const body = {
    policy: {
      ...policy,
      bindings: [
        ...bindings.filter((binding) => !isPlain(binding)),
        ...(wanted.size > 0 ? [{ role: ROLE, members: [...wanted] }] : []),
      ],
    },
  };
  await cloud.request({ service: 'run', method: 'POST', path: `${path}:setIamPolicy`, body, answer: object });
  for (const member of added) log.info(`${member} may call the service now.`);
  for (const member of removed) log.info(`${member} may not call the service any more.`);
  return true;
}
