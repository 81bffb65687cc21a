/** A comment on an issue or a pull request (https://docs.github.com/en/rest/issues/comments). */
export interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string; readonly type: string };
  readonly author_association: string;
  readonly created_at: string;
  updated_at: string;
}

/** https://docs.github.com/en/rest/deployments/deployments */
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly original_environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly transient_environment: boolean;
  readonly production_environment: boolean;
  readonly creator: { readonly login: string; readonly type: string };
  readonly created_at: string;
  updated_at: string;
}

/** https://docs.github.com/en/rest/deployments/statuses */
export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly log_url: string;
  readonly environment_url: string;
  readonly created_at: string;
}

/** https://docs.github.com/en/rest/pulls/pulls */
interface PullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly head: Side;
  readonly base: Side;
}

interface Side {
  readonly ref: string;
  readonly sha: string;
  /** Null where a fork was deleted. */
  readonly repo: { readonly full_name: string } | null;
}

/** What the repositories on GitHub hold, by `OWNER/NAME` in small letters: as much of it as deploys read and write. */
export class Repositories {
  readonly #all = new Map<string, Held>();
  #last = 0;

  /** Everything, to be kept. */
  save(): SavedRepositories {
    return { last: this.#last, all: this.#all };
  }

  restore({ last, all }: SavedRepositories): void {
    this.#last = last;
    for (const [name, held] of all) this.#all.set(name, held);
  }

  /** An id that nothing else has. */
  nextId(): number {
    return ++this.#last;
  }

  of(name: string): Held {
    const key = name.toLowerCase();
    const held = this.#all.get(key) ?? {
      comments: new Map(),
      deployments: new Map(),
      statuses: new Map(),
      pulls: new Map(),
    };
    this.#all.set(key, held);
    return held;
  }
}

interface SavedRepositories {
  readonly last: number;
  readonly all: ReadonlyMap<string, Held>;
}

interface Held {
  /** By the number of the issue or pull request, oldest first. */
  readonly comments: Map<number, Comment[]>;
  /** By id, oldest first. */
  readonly deployments: Map<number, Deployment>;
  /** By the deployment's id, oldest first. */
  readonly statuses: Map<number, DeploymentStatus[]>;
  /** By number; who runs the cloud opens them. */
  readonly pulls: Map<number, PullRequest>;
}
