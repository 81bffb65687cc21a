import type { Binding, Policy } from '../../../contracts.ts';
import { ApiError } from '../../../kernel/errors.ts';
import type { ServiceAccounts } from '../accounts/service-accounts.ts';
import type { WorkloadIdentityPools } from '../pools/workload-identity-pools.ts';
import type { CustomRoles } from '../roles/custom-roles.ts';
import type { Roles } from '../roles/roles.ts';
import { checkCondition } from './conditions.ts';

/** What a policy is held against. */
export interface World {
  readonly project: { readonly id: string; readonly number: string };
  readonly roles: Roles;
  readonly customRoles: CustomRoles;
  readonly accounts: ServiceAccounts;
  readonly pools: WorkloadIdentityPools;
}

/** Members of all bindings together (https://cloud.google.com/iam/quotas#limits). */
const MOST_MEMBERS = 1500;
const BASIC = ['roles/owner', 'roles/editor', 'roles/viewer'];
/** Kinds of resources that nobody may be let use: Cloud Run's jobs say so; of projects, setIamPolicy's documentation does. */
const CLOSED = ['run.jobs', 'resourcemanager.projects'];
const EVERYBODY = ['allUsers', 'allAuthenticatedUsers'];
const EMAIL = /^[^\s@:/]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}$/i;
const IN_POOL =
  /^(?:principal|principalSet):\/\/iam\.googleapis\.com\/(projects\/[^/]+\/locations\/global\/workloadIdentityPools\/[^/]+)\/(?:subject\/.+|group\/.+|attribute\.[a-z0-9_]+\/.+|namespace\/.+|kubernetes\.(?:cluster|serviceaccount\.uid)\/.+|\*)$/;

/**
 * Refuses a policy that IAM refuses, in its words where people have reported them.
 *
 * @param kind of the resource, as permissions spell it: `run.services`
 * @param before the policy as it is
 * @throws ApiError INVALID_ARGUMENT
 */
export function checkPolicy(
  { version = 1, bindings = [] }: Partial<Policy>,
  kind: string,
  before: Policy,
  world: World,
): void {
  if (![0, 1, 3].includes(version)) throw invalid(`Invalid policy version ${version}: it must be 0, 1 or 3.`);
  const count = bindings.reduce((sum, { members = [] }) => sum + members.length, 0);
  if (count > MOST_MEMBERS)
    throw invalid(
      `The number of members in the policy (${count}) is larger than the maximum allowed size ${MOST_MEMBERS}.`,
    );
  for (const { role = '', members = [], condition } of bindings) {
    checkRole(role, kind, world);
    for (const member of members) checkMember(member, kind, world);
    if (!condition) continue;
    if (version !== 3) throw invalid('A policy with conditional role bindings must have version 3.');
    if (BASIC.includes(role)) throw invalid(`The basic role ${role} cannot be granted with a condition.`);
    if (members.some((member) => EVERYBODY.includes(member)))
      throw invalid('allUsers and allAuthenticatedUsers cannot be granted a role with a condition.');
    checkCondition(condition);
  }
  if (kind === 'resourcemanager.projects') checkOwners(bindings, before.bindings);
}

function checkRole(role: string, kind: string, { roles, customRoles }: World): void {
  if (/^(?:projects|organizations)\/[^/]+\/roles\/[^/]+$/.test(role)) {
    if (!customRoles.find(role)) throw invalid(`Role (${role}) does not exist in the resource's hierarchy.`);
    return;
  }
  // A project takes every role, a resource those that hold something of its kind.
  const [service = ''] = kind.split('.');
  const narrow = service === 'iam' ? 'iam.serviceAccount' : `${service}.`;
  const fits = kind === 'resourcemanager.projects' || roles.holdsAnyOf(role, narrow);
  if (!roles.exists(role) || !fits) throw invalid(`Role ${role} is not supported for this resource.`);
}

function checkMember(member: string, kind: string, { accounts, pools, project }: World): void {
  if (typeof member !== 'string') throw invalid('Policy members must be of the form "<type>:<value>".');
  if (EVERYBODY.includes(member)) {
    if (CLOSED.includes(kind))
      throw invalid(`Member ${member} is invalid due to membership type restrictions on the resource.`);
    return;
  }
  const [, type = '', value = ''] = /^([A-Za-z]+):(.*)$/s.exec(member) ?? [];
  if (!type) throw invalid('Policy members must be of the form "<type>:<value>".');
  if (type === 'user' || type === 'group') {
    if (!EMAIL.test(value)) throw invalid(`${type === 'user' ? 'User' : 'Group'} ${value} does not exist.`);
  } else if (type === 'serviceAccount') {
    const ours =
      value.endsWith(`@${hostOf(project.id)}.iam.gserviceaccount.com`) ||
      value === `${project.number}-compute@developer.gserviceaccount.com`;
    if (!EMAIL.test(value.replace(/\[.*\]$/, '')) && !/^[^[]+\.svc\.id\.goog\[/.test(value))
      throw invalid(`Service account ${value} does not exist.`);
    if (ours && !accounts.ofEmail(value)) throw invalid(`Service account ${value} does not exist.`);
  } else if (type === 'domain') {
    if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(value)) throw invalid(`Domain ${value} does not exist.`);
  } else if (type === 'principal' || type === 'principalSet') {
    if (!value.startsWith('//iam.googleapis.com/projects/')) return;
    const name = IN_POOL.exec(member)?.[1];
    // The number alone names the project here; with its id there is no such pool.
    if (
      !name ||
      (name.startsWith(`projects/${project.number}/`) &&
        !isOfClusters(name, project) &&
        !pools.findPool(name)) ||
      !/^projects\/\d+\//.test(name)
    )
      throw invalid(
        `Identity Pool does not exist (${name ?? member}). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API.`,
      );
  } else if (type !== 'deleted')
    throw invalid(
      `The member ${member} is of an unknown type. Please set a valid type prefix for the member.`,
    );
}

/** The pool that Kubernetes Engine has for the clusters of a project, and that nobody else manages. */
function isOfClusters(pool: string, { id, number }: World['project']): boolean {
  return pool === `projects/${number}/locations/global/workloadIdentityPools/${id}.svc.id.goog`;
}

/**
 * A project always has an owner who is a person, and a person becomes one by an invitation in the console
 * (https://cloud.google.com/resource-manager/reference/rest/v1/projects/setIamPolicy).
 */
function checkOwners(after: readonly Binding[], before: readonly Binding[]): void {
  const [now, then] = [ownersIn(after), ownersIn(before)];
  const invited = now.filter((member) => !then.includes(member));
  if (invited.length > 0) throw ownerError(invited, 'SOLO_MUST_INVITE_OWNERS');
  if (then.length > 0 && now.length === 0) throw ownerError(then, 'SOLO_REQUIRE_TOS_ACCEPTOR');
}

function ownersIn(bindings: readonly Binding[]): string[] {
  return bindings
    .filter(({ role }) => role === 'roles/owner')
    .flatMap(({ members = [] }) => members.filter((member) => member.startsWith('user:')));
}

function ownerError(members: readonly string[], type: string): ApiError {
  return new ApiError(
    'INVALID_ARGUMENT',
    'Request contains an invalid argument.',
    members.map((member) => ({
      '@type': 'type.googleapis.com/google.cloudresourcemanager.v1.ProjectIamPolicyError',
      type,
      member,
      role: 'roles/owner',
    })),
  );
}

function hostOf(project: string): string {
  return project.split(':').reverse().join('.');
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
