import { fields, list, text } from '@gangway/http';
import type { GoogleCloud } from './client.ts';
import { GoogleError } from './error.ts';

/** What a policy grants to whom (https://cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding). */
export interface Binding {
  readonly role?: string;
  readonly members?: readonly string[];
}

export const POLICY = fields<{ bindings?: readonly Binding[] }>({
  bindings: list(fields<Binding>({ role: text, members: list(text) })),
});

/** What it may hold is not known without asking. */
const CUSTOM = /^(projects|organizations)\//;
/** Who may have the account as a member; those of a workload identity pool are never service accounts. */
const GROUPS =
  /^(group|domain):|^principalSet:(?!\/\/iam\.googleapis\.com\/projects\/[^/]+\/locations\/global\/workloadIdentityPools\/)/;

/** The bindings of a project's policy; undefined where the step may not read them. */
export function projectBindings(
  cloud: GoogleCloud,
  projectId: string,
): Promise<readonly Binding[] | undefined> {
  return readableBindings(() =>
    cloud.request({
      service: 'cloudresourcemanager',
      method: 'POST',
      path: `v1/projects/${projectId}:getIamPolicy`,
      body: {},
      answer: POLICY,
    }),
  );
}

/** The bindings of a policy; undefined where the step may not read it, which who deploys need not be allowed to. */
export async function readableBindings(
  read: () => Promise<{ bindings?: readonly Binding[] }>,
): Promise<readonly Binding[] | undefined> {
  try {
    return (await read()).bindings ?? [];
  } catch (error) {
    if (error instanceof GoogleError) return undefined;
    throw error;
  }
}

/**
 * Whether bindings give a service account one of some roles.
 *
 * @param email of the account
 * @returns undefined where that can't be told: a custom role, or a group, could give it
 */
export function grantsRole(bindings: readonly Binding[], roles: RegExp, email: string): boolean | undefined {
  const member = `serviceAccount:${email}`;
  const to = (binding: Binding) =>
    binding.members?.some((one) => [member, 'allUsers', 'allAuthenticatedUsers'].includes(one));
  if (bindings.some((binding) => roles.test(binding.role ?? '') && to(binding))) return true;
  const isUnclear = ({ role = '', members = [] }: Binding) =>
    (CUSTOM.test(role) && members.includes(member)) ||
    (roles.test(role) && members.some((one) => GROUPS.test(one)));
  return bindings.some(isUnclear) ? undefined : false;
}
