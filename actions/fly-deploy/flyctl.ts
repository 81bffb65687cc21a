import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandOptions, type CommandResult, command } from '@gangway/action';
import { flyctlEnvironment, type InstalledFlyctl } from './install-flyctl.ts';

/** flyctl, with a configuration folder and a token of the step's own. */
export interface Flyctl extends InstalledFlyctl {
  /** Its arguments go to the log; a secret goes by `input`. */
  run(args: readonly string[], options?: Omit<CommandOptions, 'env'>): Promise<CommandResult>;
}

/**
 * @param scratch a directory of mode 0700 that the post step removes: staged secrets are remembered below it
 * @see https://github.com/superfly/flyctl/blob/master/internal/config/config.go (the variables)
 */
export async function prepareFlyctl(
  installed: InstalledFlyctl,
  scratch: string,
  token: string,
): Promise<Flyctl> {
  const folder = join(scratch, 'fly');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const env = {
    ...flyctlEnvironment(folder),
    // The first of these wins even where it is empty, so both are set.
    FLY_ACCESS_TOKEN: token,
    FLY_API_TOKEN: token,
    FLY_EMIT_RELEASE_JSON: '1',
    // Builds of its main branch stop at a nested progress line without it.
    FLYCTL_STATUSLOGGER_NO_ERROR: '1',
    NO_COLOR: '1',
  };
  return { ...installed, run: (args, options = {}) => command(installed.path, args, { ...options, env }) };
}
