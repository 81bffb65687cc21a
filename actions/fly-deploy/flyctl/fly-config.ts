import { ActionError, lastLines } from '@gangway/action';
import { goDuration } from '@gangway/fly';
import type { Flyctl } from './flyctl.ts';

/** What of fly.toml matters here (https://fly.io/docs/reference/configuration/). */
export interface FlyConfig {
  readonly app: string | undefined;
  readonly releaseCommand: string | undefined;
  /** The image that is deployed as it is; undefined where one is built. */
  readonly image: string | undefined;
  /** Milliseconds that flyctl waits for each machine; undefined where it says nothing. */
  readonly waitTimeout: number | undefined;
  /** What it says under [build]. */
  readonly build: BuildSection;
  /** The process groups that get machines. */
  readonly groups: readonly string[];
  /** All of it, as flyctl reads it. */
  readonly text: string;
}

/** How an image is built (https://github.com/superfly/flyctl/blob/master/internal/appconfig/config.go). */
export interface BuildSection {
  readonly image?: string;
  readonly dockerfile?: string;
  readonly ignorefile?: string;
  readonly 'build-target'?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly builder?: string;
  readonly buildpacks?: readonly string[];
  readonly builtin?: string;
  readonly compression?: string;
  readonly compression_level?: number;
}

/**
 * Reads fly.toml by flyctl's own reader, without network.
 *
 * @param app whose name the file need not have
 * @throws ActionError `config-invalid` in flyctl's words
 */
export async function readFlyConfig(flyctl: Flyctl, file: string, app: string): Promise<FlyConfig> {
  const { exitCode, stdout, stderr } = await flyctl.run(
    ['config', 'show', '--local', '--app', app, '--config', file],
    { quiet: true, allowFailure: true },
  );
  if (exitCode !== 0) {
    throw new ActionError(`Input "config" names ${file}, which flyctl can't read: ${lastLines(stderr, 5)}`, {
      code: 'config-invalid',
      hint: `fix it; "flyctl config validate --config ${file}" checks it`,
    });
  }
  const config = parse(stdout, file);
  const groups = Object.keys(config.processes ?? {});
  return {
    app: config.app || undefined,
    image: config.build?.image || undefined,
    waitTimeout: goDuration(config.deploy?.wait_timeout, 0) || undefined,
    build: config.build ?? {},
    releaseCommand: config.deploy?.release_command || undefined,
    groups: groups.length > 0 ? groups : ['app'],
    text: stdout,
  };
}

interface Shown {
  readonly app?: string;
  readonly build?: BuildSection;
  readonly deploy?: { readonly release_command?: string; readonly wait_timeout?: string | number };
  readonly processes?: Readonly<Record<string, string>>;
}

function parse(printed: string, file: string): Shown {
  try {
    return Object(JSON.parse(printed)) as Shown;
  } catch {
    throw new ActionError(
      `flyctl was asked for ${file} in JSON, and printed something else: ${lastLines(printed, 3) || 'nothing'}`,
      {
        code: 'config-invalid',
        hint: 'leave flyctl_version out, for the flyctl that this action is tested with',
      },
    );
  }
}
