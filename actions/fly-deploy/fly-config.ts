import { ActionError, lastLines } from '@gangway/action';
import type { Flyctl } from './flyctl.ts';

/** What of fly.toml matters here (https://fly.io/docs/reference/configuration/). */
export interface FlyConfig {
  readonly app: string | undefined;
  readonly releaseCommand: string | undefined;
  /** The process groups that get machines. */
  readonly groups: readonly string[];
  /** All of it, as flyctl reads it. */
  readonly text: string;
}

/**
 * Reads fly.toml by flyctl's own reader, without network.
 * @throws ActionError `config-invalid` in flyctl's words
 */
export async function readFlyConfig(flyctl: Flyctl, file: string): Promise<FlyConfig> {
  const { exitCode, stdout, stderr } = await flyctl.run(['config', 'show', '--local', '--config', file], {
    quiet: true,
    allowFailure: true,
  });
  if (exitCode !== 0) {
    throw new ActionError(`Input "config" names ${file}, which flyctl can't read: ${lastLines(stderr, 5)}`, {
      code: 'config-invalid',
      hint: `mend it; "flyctl config validate --config ${file}" checks it`,
    });
  }
  const config = JSON.parse(stdout) as {
    app?: string;
    deploy?: { release_command?: string };
    processes?: Record<string, string>;
  };
  const groups = Object.keys(config.processes ?? {});
  return {
    app: config.app || undefined,
    releaseCommand: config.deploy?.release_command || undefined,
    groups: groups.length > 0 ? groups : ['app'],
    text: stdout,
  };
}
