import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLEANING_UP, type CommandOptions, type CommandResult, command } from '@gangway/action';
import { flyctlEnvironment, flyctlInherits } from './folder.ts';
import type { InstalledFlyctl } from './install.ts';

/** flyctl, with a configuration folder and a token of the step's own. */
export interface Flyctl extends InstalledFlyctl {
  /** Its arguments go to the log, and what it sends to Fly may be written down by it: it gets no secrets of the app. */
  run(args: readonly string[], options?: Omit<CommandOptions, 'inherits' | 'input'>): Promise<CommandResult>;
  /** Lets it make machines with this version of the app's secrets at least, as if it had set them itself. */
  expectSecrets(app: string, version: number): Promise<void>;
}

/** @param folder of flyctl's own, as makeFlyctlFolder makes it */
export function prepareFlyctl(installed: InstalledFlyctl, folder: string, token: string): Flyctl {
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
  return {
    ...installed,
    run: (args, { env: more, ...options } = {}) =>
      command(installed.path, args, {
        // It gives the machines' leases back then, for which the next deploy would have to wait.
        patience: CLEANING_UP,
        ...options,
        env: { ...env, ...more },
        inherits: flyctlInherits,
      }),
    expectSecrets: (app, version) =>
      // YAML takes JSON (https://github.com/superfly/flyctl/blob/master/internal/appsecrets/minvers.go).
      writeFile(join(folder, 'config.yml'), JSON.stringify({ app_secrets_minvers: { [app]: version } }), {
        mode: 0o600,
      }),
  };
}
