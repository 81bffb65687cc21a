/** Query parameters whose values are credentials; an id, such as `secretId`, is none. */
const SECRET =
  /([?&](?![^=&]*id=)[^=&]*(?:key|token|secret|signature|assertion|password|code)[^=&]*=)[^&]*/gi;

/** A path without the credentials in its query. */
export function withoutCredentials(path: string): string {
  return path.replace(SECRET, '$1***');
}
