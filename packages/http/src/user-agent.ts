/**
 * The `User-Agent` of an action's requests, so that audit logs tell which one sent them: `gangway (deploy-cloud-run)`.
 *
 * @param script what Node was started with: each action's bundle is in a folder of the action's name
 */
export function userAgentOf(script = ''): string {
  const [, name] = /[\\/]dist[\\/]([a-z][a-z-]*)[\\/][\w-]+\.js$/.exec(script) ?? [];
  return name ? `gangway (${name})` : 'gangway';
}
