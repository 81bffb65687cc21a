/** Whether two full names mean the same resource: Google answers with the project's number where it was given the id. */
export function sameResource(left: string, right: string): boolean {
  return withoutProject(left) === withoutProject(right);
}

/** The last part of a full name. */
export function idOf(name: string): string {
  return name.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

/** A full name without the project's id or number. */
export function withoutProject(name: string): string {
  return name.replace(/^\/*(?:v\d\/)?projects\/[^/]+\//, '').replace(/\/+$/, '');
}
