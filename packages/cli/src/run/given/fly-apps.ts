/** Whether a workflow has to do with Fly.io at all. */
const FLY = /\bfly(?:ctl)?\s+\w|\bsuperfly\/|\bfly-deploy\b|\bFLY_\w+/;
const NAME = `['"]?([a-z0-9][a-z0-9-]*)['"]?`;
/** How workflows name an app: a flag of flyctl's, its variable, and the input of fly-deploy. */
const NAMES = [
  new RegExp(`\\bfly(?:ctl)?\\s[^\\n]*?\\s(?:--app|-a)[ =]${NAME}(?=\\s|$)`, 'gm'),
  new RegExp(`\\bFLY_APP['"]?:\\s*${NAME}\\s*$`, 'gm'),
  new RegExp(`^\\s+app:\\s*${NAME}\\s*$`, 'gm'),
];
const CREATES = /\bfly(?:ctl)?\s+(?:apps\s+create|launch)\b(?:\s+([a-z0-9][a-z0-9-]*))?/g;

/**
 * Names of the Fly.io apps that workflows deploy, which have to be there before: a deploy makes none. Those that a workflow
 * makes itself are left to it; all are, where it doesn't say plainly which.
 *
 * @param text of the workflows, their expressions resolved
 * @param configs texts of the repository's fly.toml, fly.json and fly.yaml
 */
export function flyAppsIn(text: string, configs: readonly string[]): string[] {
  if (!FLY.test(text)) return [];
  const created = [...text.matchAll(CREATES)].map(([, name]) => name);
  if (created.includes(undefined)) return [];
  const named = NAMES.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
  const all = new Set([...named, ...configs.flatMap(appOf)]);
  return [...all].filter((name) => !created.includes(name));
}

/** The app that a configuration names at its top: in TOML before the first table. */
function appOf(config: string): string[] {
  const top = config.split(/^\s*\[/m)[0] ?? '';
  const name = /^\s*\{/.test(config)
    ? /"app"\s*:\s*"([a-z0-9-]+)"/.exec(config)?.[1]
    : new RegExp(`^app\\s*[=:]\\s*${NAME}\\s*(?:#.*)?$`, 'm').exec(top)?.[1];
  return name === undefined ? [] : [name];
}
