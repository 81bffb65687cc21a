import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { input, invalid, missingFileHint, readTextFile } from '@gangway/action';
import { LIMITS } from '@gangway/files';

/** Where flyctl looks, in this order (https://github.com/superfly/flyctl/blob/master/internal/command/command.go). */
const NAMES = ['fly.toml', 'fly.json', 'fly.yaml'];
const APP = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Finds the configuration of the app in the working directory, and the app's name: that of the input, of flyctl's own
 * variable, or of the file.
 *
 * @param mayMiss whether it goes without the file, since an app is only destroyed
 * @throws ActionError `input-invalid` or `input-required` when there is no such file or no name
 */
export function readConfigFile(mayMiss: boolean): { readonly config: string; readonly app: string } {
  const given = input.optional('config');
  const config = given ?? NAMES.find((name) => existsSync(name)) ?? NAMES[0] ?? '';
  const there = existsSync(config);
  const named = there ? nameIn(config) : undefined;
  const app =
    input.optional('app') ??
    (process.env.FLY_APP || named) ??
    input.required(
      'app',
      missingFileHint(`set app under "with:", or write app = "NAME" at the top of ${config}`),
    );
  if (!APP.test(app)) throw invalid('app', app, 'use lower-case letters, digits and dashes, 63 at most');
  if (!there && !mayMiss) {
    const cure = given
      ? 'write the path of the fly.toml in the workspace; check out the repository first'
      : 'write a fly.toml, fly.json or fly.yaml there, or its path under config; working_directory names its directory; check out the repository first';
    throw invalid('config', config, missingFileHint(cure));
  }
  return { config, app };
}

/** The name at the top of a file that flyctl has not read yet; undefined where it has none, or none that is plain. */
function nameIn(config: string): string | undefined {
  const text = readTextFile(config, { input: 'config' }, { limit: LIMITS.settings });
  if (extname(config) === '.json') return nameInJson(text);
  if (/^\.ya?ml$/.test(extname(config))) {
    const [, double, single, bare] =
      /^["']?app["']?\s*:\s*(?:"([^"\\]*)"|'([^']*)'|([\w-]+))\s*(?:#.*)?$/m.exec(text) ?? [];
    return double ?? single ?? bare;
  }
  const [top = ''] = text.split(/^\s*\[/m, 1);
  const [, double, single] = /^\s*(?:app|"app"|'app')\s*=\s*(?:"([^"\\]*)"|'([^']*)')/m.exec(top) ?? [];
  return double ?? single;
}

function nameInJson(text: string): string | undefined {
  try {
    const { app } = Object(JSON.parse(text)) as { app?: unknown };
    return typeof app === 'string' ? app : undefined;
  } catch {
    // flyctl says better what is wrong with it.
    return undefined;
  }
}
