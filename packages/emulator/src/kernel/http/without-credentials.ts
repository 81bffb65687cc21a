/** Query parameters whose values are credentials. */
const SECRET = /([?&][^=&]*(?:key|token|secret|signature|assertion|password|code)[^=&]*=)[^&]*/gi;

/** A path without the credentials in its query. */
export function withoutCredentials(path: string): string {
  return path.replace(SECRET, '$1***');
}
