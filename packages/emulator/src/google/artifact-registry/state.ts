import { Images } from '../../oci/index.ts';

/** A repository as the API shows it (https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories). */
export interface Repository {
  readonly name: string;
  readonly format: string;
  readonly mode: string;
  readonly createTime: string;
  updateTime: string;
  description?: string;
  labels?: Record<string, string>;
  dockerConfig?: { immutableTags?: boolean };
  cleanupPolicies?: Record<string, unknown>;
  cleanupPolicyDryRun?: boolean;
}

export interface StoredRepository {
  readonly resource: Repository;
  readonly images: Images;
}

/** The repositories of Artifact Registry and their images. */
export class ArtifactRegistryState {
  readonly #repositories = new Map<string, StoredRepository>();

  /** Finds a repository by its full resource name. */
  find(name: string): StoredRepository | undefined {
    return this.#repositories.get(name);
  }

  /** The repositories whose resource names begin so. */
  list(prefix: string): StoredRepository[] {
    return [...this.#repositories.values()].filter(({ resource }) => resource.name.startsWith(prefix));
  }

  add(resource: Repository, images = new Images()): void {
    this.#repositories.set(resource.name, { resource, images });
  }

  remove(name: string): void {
    this.#repositories.delete(name);
  }
}
