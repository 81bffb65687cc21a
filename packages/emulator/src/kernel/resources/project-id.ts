/** An id of a project, with the domain that those of some older organizations have, such as `example.com:demo-project`. */
export const PROJECT_ID = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/;

/** A project in the names of hosts and accounts: `demo-project.example.com` for `example.com:demo-project`. */
export function hostOfProject(id: string): string {
  return id.split(':').reverse().join('.');
}
