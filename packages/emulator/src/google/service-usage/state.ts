/** What the project may enable and what it has enabled. */
export class ServiceUsageState {
  readonly enabled = new Set<string>();
  /** Titles of Google's APIs, by name. */
  readonly apis: ReadonlyMap<string, string>;
  /** Managed services, by name, with their titles. */
  readonly managed = new Map<string, string>();

  constructor(apis: ReadonlyMap<string, string>) {
    this.apis = apis;
  }

  /** The title of a Google API, e.g. `API Gateway API`; the name itself for one that is not known. */
  titleOf(api: string): string {
    return this.apis.get(api) ?? api;
  }
}
