import type { Roles } from '../../google/iam/roles/roles.ts';
import type { Declaration } from '../../kernel/service/declaration.ts';
import type { Project } from '../../kernel/service/project.ts';

/** What a request is told by. */
export interface Surroundings {
  readonly project: Project;
  readonly roles: Roles;
  readonly catalogue: readonly Declaration[];
}

/** A request whose refusal is looked at. */
export interface Asked {
  /** Without what may be a credential. */
  readonly path: string;
  /** e.g. `serviceAccount:x@p.iam.gserviceaccount.com` */
  readonly member: string | undefined;
}
