import type { Apis } from '../../../contracts.ts';
import type { Declaration } from '../../../kernel/service/declaration.ts';
import predefined from './predefined.json' with { type: 'json' };

/** The permissions of the services that the local cloud has: as Google's roles hold them, and as the services declare them. */
export class Permissions {
  /** Every permission, sorted. */
  readonly all: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #services: ReadonlySet<string>;

  constructor(catalogue: readonly Declaration[]) {
    const declared = catalogue.flatMap(({ permissions = {} }) => Object.entries(permissions));
    this.#known = new Set(
      [...Object.entries(predefined.permissions), ...declared].flatMap(([type, verbs]) =>
        verbs.split(' ').map((verb) => `${type}.${verb}`),
      ),
    );
    this.all = [...this.#known].sort();
    this.#services = new Set(this.all.map(serviceOf));
  }

  /**
   * Whether a custom role may hold a permission. Those of a Google service that the local cloud does not have are taken
   * by their form alone.
   */
  has(name: string, apis: Apis): boolean {
    if (this.#known.has(name)) return true;
    const service = serviceOf(name);
    const elsewhere = !this.#services.has(service) && apis.isKnown(`${service}.googleapis.com`);
    return elsewhere && /^[a-z]+\.[A-Za-z0-9]+\.[A-Za-z0-9]+$/.test(name);
  }

  /** Whether a permission is none: of a service here which has no such thing, or no permission by its form. */
  isMade(name: string): boolean {
    if (!/^[a-z][a-z0-9]*(\.googleapis\.com\/)?(\.?[A-Za-z][A-Za-z0-9]*)+\.[A-Za-z]+$/.test(name))
      return true;
    return this.#services.has(serviceOf(name)) && !this.#known.has(name);
  }
}

/** The service of a permission: `run` of `run.services.get`. */
export function serviceOf(permission: string): string {
  return permission.slice(0, permission.indexOf('.'));
}
