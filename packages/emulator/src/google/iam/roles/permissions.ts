import type { Apis } from '../../../contracts.ts';
import type { Declaration } from '../../../kernel/service/declaration.ts';

/** The permissions of the services that the local cloud has, as they declare them. */
export class Permissions {
  /** Every permission, sorted. */
  readonly all: readonly string[];
  readonly #services: ReadonlySet<string>;

  constructor(catalogue: readonly Declaration[]) {
    this.all = catalogue
      .flatMap(({ permissions = {} }) => Object.entries(permissions))
      .flatMap(([type, verbs]) => verbs.split(' ').map((verb) => `${type}.${verb}`))
      .sort();
    this.#services = new Set(this.all.map(serviceOf));
  }

  /**
   * Whether a custom role may hold a permission. Those of a Google service that the local cloud does not have are taken
   * by their form alone.
   */
  has(name: string, apis: Apis): boolean {
    if (this.all.includes(name)) return true;
    const service = serviceOf(name);
    const elsewhere = !this.#services.has(service) && apis.isKnown(`${service}.googleapis.com`);
    return elsewhere && /^[a-z]+\.[A-Za-z0-9]+\.[A-Za-z0-9]+$/.test(name);
  }
}

/** The service of a permission: `run` of `run.services.get`. */
export function serviceOf(permission: string): string {
  return permission.slice(0, permission.indexOf('.'));
}
