import type { Declaration } from '../../../kernel/service/declaration.ts';

/** The predefined roles that the local cloud knows, as its services declare them (https://cloud.google.com/iam/docs/roles-permissions). */
export class Roles {
  readonly #held: ReadonlyMap<string, readonly string[]>;

  /** @param catalogue the services: `x.*` in a role is every permission below `x` */
  constructor(catalogue: readonly Declaration[]) {
    const held = new Map<string, string[]>();
    for (const { roles = {} } of catalogue)
      for (const [role, permissions] of Object.entries(roles))
        held.set(role, [...(held.get(role) ?? []), ...permissions]);
    this.#held = held;
  }

  /** The names of the roles, sorted. */
  get names(): readonly string[] {
    return [...this.#held.keys()].sort();
  }

  /** Whether a predefined role holds a permission; an unknown role holds none. */
  holds(role: string, permission: string): boolean {
    return (this.#held.get(role) ?? []).some((pattern) =>
      pattern.endsWith('*') ? permission.startsWith(pattern.slice(0, -1)) : pattern === permission,
    );
  }
}
