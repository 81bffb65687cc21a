import { createHash } from 'node:crypto';
import type { Binding, Policies, Policy } from '../../../contracts.ts';
import { ApiError, permissionDenied } from '../../../kernel/errors.ts';
import type { Principal } from '../../../kernel/principal.ts';
import type { Permissions } from '../roles/permissions.ts';
import { checkPolicy, type World } from './check.ts';
import { holds } from './conditions.ts';

/** What policies are judged by. */
export interface PolicyWorld extends World {
  readonly permissions: Permissions;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The allow policies of all resources (https://cloud.google.com/iam/docs/reference/rest/v1/Policy). */
export class Iam implements Policies {
  readonly #policies = new Map<string, Binding[]>();
  readonly #world: PolicyWorld;

  constructor(world: PolicyWorld) {
    this.#world = world;
  }

  get customRoles(): PolicyWorld['customRoles'] {
    return this.#world.customRoles;
  }

  /** Every policy that binds somebody, by resource. */
  all(): { readonly resource: string; readonly bindings: Binding[] }[] {
    return [...this.#policies.keys()]
      .map((resource) => ({ resource, bindings: this.get(resource).bindings }))
      .filter(({ bindings }) => bindings.length > 0)
      .sort((a, b) => (a.resource < b.resource ? -1 : 1));
  }

  get(resource: string): Policy {
    const bindings = this.#policies.get(resource) ?? [];
    const version = bindings.some(({ condition }) => condition) ? 3 : 1;
    return { version, etag: etagOf(bindings), bindings: structuredClone(bindings) };
  }

  /**
   * Replaces a policy. A stale `etag` is refused, as the real one is (read-modify-write).
   * @throws ApiError ABORTED
   */
  set(resource: string, policy: { etag?: string; bindings?: Binding[] }): Policy {
    this.#requireFresh(resource, policy.etag);
    // Clients leave out a list that is empty; a binding of nobody is not kept.
    const bindings = (policy.bindings ?? []).filter(({ members = [] }) => members.length > 0);
    this.#policies.set(resource, structuredClone(bindings));
    return this.get(resource);
  }

  /** Replaces a policy as a caller asks for it: refuses what IAM refuses. */
  replace(resource: string, kind: string, policy: Partial<Policy>): Policy {
    this.#requireFresh(resource, policy.etag);
    checkPolicy(policy, kind, this.get(resource), this.#world);
    return this.set(resource, policy);
  }

  /** A policy for a client that knows its format up to a version: below 3 it sees no conditions (https://cloud.google.com/iam/docs/allow-policies#policy-versions). */
  shown(resource: string, version: number): Policy {
    if (![0, 1, 3].includes(version))
      throw new ApiError(
        'INVALID_ARGUMENT',
        `Invalid requested policy version ${version}: it must be 0, 1 or 3.`,
      );
    const policy = this.get(resource);
    if (version === 3) return policy;
    const bindings = policy.bindings.map(({ condition, ...binding }) => {
      if (!condition) return binding;
      const hash = createHash('sha256').update(JSON.stringify(condition)).digest('hex').slice(0, 20);
      return { ...binding, role: `${binding.role}_withcond_${hash}` };
    });
    return { ...policy, version: 1, bindings };
  }

  /** Those of some permissions that a caller holds, also on what is not there. @throws ApiError INVALID_ARGUMENT for what is no permission */
  test(
    principal: Principal | undefined,
    permissions: readonly string[],
    resource: string,
    named = resource,
  ): string[] {
    const made = permissions.find((permission) => this.#world.permissions.isMade(permission));
    if (made !== undefined)
      throw new ApiError('INVALID_ARGUMENT', `Permission ${made} is not valid for this resource.`);
    return permissions.filter((permission) => this.allows(principal, permission, resource, named));
  }

  grant(resource: string, role: string, member: string): void {
    const { bindings } = this.get(resource);
    const binding = bindings.find((candidate) => candidate.role === role && !candidate.condition);
    if (!binding) bindings.push({ role, members: [member] });
    else if (!binding.members.includes(member)) binding.members.push(member);
    this.#policies.set(resource, bindings);
  }

  /**
   * Gives what one member was granted to another name: a deleted account's to `deleted:serviceAccount:EMAIL?uid=ID`
   * (https://cloud.google.com/iam/docs/allow-policies#handle-deleted-members).
   */
  rename(from: string, to: string): void {
    for (const bindings of this.#policies.values())
      for (const binding of bindings)
        binding.members = binding.members.map((member) => (member === from ? to : member));
  }

  /**
   * Whether a policy on the resource, or on anything it lies in, grants the permission.
   * @param named what conditions see as `resource.name`, where that is not by the project's id
   */
  allows(principal: Principal | undefined, permission: string, resource: string, named = resource): boolean {
    const members = new Set(['allUsers', ...(principal ? [principal.member, ...principal.memberOf] : [])]);
    return ancestors(resource).some((name) =>
      (this.#policies.get(name) ?? []).some(
        ({ role, members: granted, condition }) =>
          granted.some((member) => members.has(member)) &&
          this.#holds(role, permission) &&
          (!condition || holds(condition.expression, named, this.#world.now())),
      ),
    );
  }

  /** Every policy, to be kept. */
  save(): ReadonlyMap<string, Binding[]> {
    return this.#policies;
  }

  restore(policies: ReadonlyMap<string, Binding[]>): void {
    for (const [resource, bindings] of policies) this.#policies.set(resource, bindings);
  }

  #requireFresh(resource: string, etag: string | undefined): void {
    if (etag && !sameBytes(etag, this.get(resource).etag))
      throw new ApiError(
        'ABORTED',
        'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
      );
  }

  #holds(role: string, permission: string): boolean {
    const { roles, customRoles } = this.#world;
    return roles.holds(role, permission) || customRoles.permissionsOf(role).includes(permission);
  }

  /** @throws ApiError PERMISSION_DENIED in the words of the real API */
  require(principal: Principal | undefined, permission: string, resource: string): void {
    if (!this.allows(principal, permission, resource)) throw permissionDenied(permission, resource);
  }
}

/** `a/b/c/d` lies in `a/b`. */
function ancestors(resource: string): string[] {
  const segments = resource.split('/');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** An etag is bytes: eight, so that base64 gives them back whatever a client does to it in between. */
function etagOf(bindings: Binding[]): string {
  const digest = createHash('sha256').update(JSON.stringify(bindings)).digest();
  return Buffer.from([7, 5, ...digest.subarray(0, 6)]).toString('base64');
}

/** gcloud sends an etag back in the URL-safe alphabet. */
function sameBytes(one: string, other: string): boolean {
  return Buffer.from(one, 'base64').equals(Buffer.from(other, 'base64'));
}
