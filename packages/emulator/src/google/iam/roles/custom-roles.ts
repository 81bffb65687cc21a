import { createHash } from 'node:crypto';
import { ApiError } from '../../../kernel/errors.ts';

/** A role that somebody made (https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles). */
export interface CustomRole {
  /** `projects/ID/roles/ROLE`. */
  readonly name: string;
  title: string;
  description: string;
  includedPermissions: readonly string[];
  stage: string;
  /** Kept for seven days, in which it grants nothing and can be restored. */
  deleted: boolean;
}

/** The custom roles of the project. */
export class CustomRoles {
  readonly #roles = new Map<string, CustomRole>();

  list(): CustomRole[] {
    return [...this.#roles.values()];
  }

  restore(roles: readonly CustomRole[]): void {
    for (const role of roles) this.#roles.set(role.name, role);
  }

  find(name: string): CustomRole | undefined {
    return this.#roles.get(name);
  }

  /** @throws ApiError NOT_FOUND in the words of the IAM API */
  get(name: string): CustomRole {
    const role = this.find(name);
    if (!role) throw new ApiError('NOT_FOUND', `The role named ${name} was not found.`);
    return role;
  }

  /** @throws ApiError ALREADY_EXISTS, also while a deleted one of that name can be restored */
  add(role: CustomRole): void {
    const { name, deleted } = this.find(role.name) ?? {};
    if (deleted)
      throw new ApiError(
        'FAILED_PRECONDITION',
        `You can't create a role_id (${idOf(role.name)}) which has been marked for deletion.`,
      );
    if (name)
      throw new ApiError(
        'ALREADY_EXISTS',
        `A role named ${idOf(name)} in ${name.replace(/\/roles\/.*$/, '')} already exists.`,
      );
    this.#roles.set(role.name, role);
  }

  /** What a role holds; a deleted or disabled one, and one that is not there, holds nothing. */
  permissionsOf(name: string): readonly string[] {
    const role = this.find(name);
    return role && !role.deleted && role.stage !== 'DISABLED' ? role.includedPermissions : [];
  }
}

/** Changes with the role, so that a change that came between is noticed. */
export function etagOf(role: CustomRole): string {
  const digest = createHash('sha256').update(JSON.stringify(role)).digest();
  return Buffer.from([7, 6, ...digest.subarray(0, 6)]).toString('base64');
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
