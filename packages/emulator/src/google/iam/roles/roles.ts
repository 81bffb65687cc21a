import type { Declaration } from '../../../kernel/service/declaration.ts';
import predefined from './predefined.json' with { type: 'json' };

/** A role as the table has it: verbs by type of permission, `*` being all of the type. */
interface Known {
  readonly title: string;
  readonly holds: Readonly<Record<string, string>>;
}

const TABLE: Readonly<Record<string, Known>> = predefined.roles as Readonly<Record<string, Known>>;
const NOTHING: ReadonlySet<string> = new Set();
const OTHERS: ReadonlySet<string> = new Set(
  Object.entries(predefined.others).flatMap(([service, ids]) =>
    ids.split(' ').map((id) => `roles/${id ? `${service}.${id}` : service}`),
  ),
);

/**
 * Google's predefined roles (https://cloud.google.com/iam/docs/roles-permissions): what those of the services here hold of these services,
 * and what services declare besides; of others only that they exist.
 */
export class Roles {
  /** What services declare of roles, besides the table. */
  readonly #declared = new Map<string, string[]>();
  /** What roles hold, of those that were asked for: the table is large. */
  readonly #held = new Map<string, ReadonlySet<string>>();

  /** @param catalogue the services: `x.*` in a role that one declares is every permission below `x` */
  constructor(catalogue: readonly Declaration[]) {
    const add = (role: string, permissions: readonly string[]) =>
      this.#declared.set(role, [...(this.#declared.get(role) ?? []), ...permissions]);
    for (const { permissions = {}, roles = {} } of catalogue) {
      for (const [role, permitted] of Object.entries(roles)) add(role, permitted);
      for (const [type, verbs] of Object.entries(permissions)) add('roles/owner', permissionsOf(type, verbs));
    }
  }

  /** The names of the roles that hold something here, sorted. */
  get names(): readonly string[] {
    return [...new Set([...Object.keys(TABLE), ...this.#declared.keys()])].sort();
  }

  /** Whether Google has such a predefined role. */
  exists(role: string): boolean {
    return Object.hasOwn(TABLE, role) || this.#declared.has(role) || OTHERS.has(role);
  }

  /** The role's title, e.g. `Cloud Run Admin`; its name where the table has none. */
  titleOf(role: string): string {
    return TABLE[role]?.title || role;
  }

  /** Whether a predefined role holds a permission; an unknown role holds none. */
  holds(role: string, permission: string): boolean {
    const held = this.#heldBy(role);
    if (held.has(permission)) return true;
    return [...held].some((pattern) => pattern.endsWith('*') && permission.startsWith(pattern.slice(0, -1)));
  }

  /**
   * The predefined role that holds a permission and least besides; undefined where none does. One of the permission's own service comes
   * first, and no basic role comes at all.
   */
  least(permission: string): string | undefined {
    const own = `roles/${permission.split('.')[0]}.`;
    const rank = (role: string) => (role.startsWith(own) ? 0 : 1);
    const size = (role: string) => this.#heldBy(role).size;
    return this.names
      .filter((role) => role.includes('.') && !/agent$/i.test(role) && this.holds(role, permission))
      .sort((a, b) => rank(a) - rank(b) || size(a) - size(b))[0];
  }

  /** Whether a role holds anything of a service or a type, such as `run` or `iam.serviceAccounts`. */
  holdsAnyOf(role: string, prefix: string): boolean {
    return [...this.#heldBy(role)].some((permission) => permission.startsWith(prefix));
  }

  #heldBy(role: string): ReadonlySet<string> {
    const known = this.#held.get(role);
    if (known) return known;
    if (!this.#declared.has(role) && !Object.hasOwn(TABLE, role)) return NOTHING;
    const listed = Object.entries(TABLE[role]?.holds ?? {}).flatMap(([type, verbs]) =>
      permissionsOf(type, verbs),
    );
    const held = new Set([...listed, ...(this.#declared.get(role) ?? [])]);
    this.#held.set(role, held);
    return held;
  }
}

function permissionsOf(type: string, verbs: string): string[] {
  const all: Readonly<Record<string, string>> = predefined.permissions;
  return (verbs === '*' ? (all[type] ?? '') : verbs).split(' ').map((verb) => `${type}.${verb}`);
}
