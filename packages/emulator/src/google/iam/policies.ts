import { createHash } from 'node:crypto';
import { run } from '@bufbuild/cel';
import type { Binding, Policies, Policy } from '../../contracts.ts';
import { ApiError, permissionDenied } from '../../kernel/errors.ts';
import type { Principal } from '../../kernel/principal.ts';
import { CustomRoles } from './roles/custom-roles.ts';
import type { Roles } from './roles/roles.ts';

/** The allow policies of all resources (https://cloud.google.com/iam/docs/reference/rest/v1/Policy). */
export class Iam implements Policies {
  readonly customRoles = new CustomRoles();
  readonly #policies = new Map<string, Binding[]>();
  readonly #roles: Roles;

  /** @param roles the predefined ones */
  constructor(roles: Roles) {
    this.#roles = roles;
  }

  get(resource: string): Policy {
    const bindings = this.#policies.get(resource) ?? [];
    const version = bindings.some(({ condition }) => condition) ? 3 : 1;
    return { version, etag: etagOf(bindings), bindings: structuredClone(bindings) };
  }

  /**
   * Replaces a policy. A stale `etag` is refused, as the real one is (read-modify-write).
   * @throws ApiError ABORTED; INVALID_ARGUMENT for a custom role that is not there
   */
  set(resource: string, policy: { etag?: string; bindings?: Binding[] }): Policy {
    if (policy.etag && !sameBytes(policy.etag, this.get(resource).etag)) {
      throw new ApiError(
        'ABORTED',
        'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
      );
    }
    // Clients leave out a list that is empty; a binding of nobody is not kept.
    const bindings = (policy.bindings ?? []).filter(({ members = [] }) => members.length > 0);
    const missing = bindings.find(({ role }) => role.startsWith('projects/') && !this.customRoles.find(role));
    if (missing)
      throw new ApiError(
        'INVALID_ARGUMENT',
        `Role (${missing.role}) does not exist in the resource's hierarchy.`,
      );
    this.#policies.set(resource, structuredClone(bindings));
    return this.get(resource);
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
          (!condition || holds(condition.expression, named)),
      ),
    );
  }

  #holds(role: string, permission: string): boolean {
    return this.#roles.holds(role, permission) || this.customRoles.permissionsOf(role).includes(permission);
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

/** A condition that cannot be evaluated, or asks what the local cloud does not know, grants nothing. */
function holds(expression: string, resource: string): boolean {
  return run(expression, { resource: new Map([['name', resource]]) }) === true;
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
