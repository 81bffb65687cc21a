import { stripVTControlCharacters } from 'node:util';
import { lastLines } from '@gangway/action';
import type { Flyctl } from '../flyctl/flyctl.ts';

export interface DeployRequest {
  readonly app: string;
  readonly config: string;
  readonly image: string;
  readonly strategy: string | undefined;
  /** Milliseconds for each machine; undefined for what fly.toml says, or flyctl. */
  readonly waitTimeout: number | undefined;
  readonly skipReleaseCommand?: boolean;
  /** Makes no machines for groups that have none. */
  readonly updateOnly?: boolean;
  /** Files on this runner that machines get, by their path there. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Further flags. */
  readonly flags: readonly string[];
}

export interface Release {
  readonly id: string;
  readonly version: string;
}

export interface Deployed {
  readonly exitCode: number;
  /** Undefined unless flyctl says that all went well. */
  readonly release: Release | undefined;
  /** Both streams. */
  readonly output: string;
}

/**
 * Lets flyctl deploy. What it says of the outcome is not the last word: see `verifyMachines`.
 *
 * @returns also when it fails
 */
export async function deploy(flyctl: Flyctl, request: DeployRequest): Promise<Deployed> {
  const { app, config, image, strategy, waitTimeout, skipReleaseCommand, updateOnly } = request;
  const { files = {}, env = {}, flags } = request;
  const { exitCode, stdout, stderr } = await flyctl.run(
    [
      'deploy',
      ...['--app', app, '--config', config, '--image', image, '--yes', '--remote-only'],
      ...(waitTimeout === undefined ? [] : ['--wait-timeout', `${Math.ceil(waitTimeout / 1000)}s`]),
      // How often it tries again is else a flag of Fly's; its DNS checks ask 8.8.8.8, and never fail a deploy.
      ...['--deploy-retries', '0', '--dns-checks=false'],
      ...(strategy ? ['--strategy', strategy] : []),
      ...(skipReleaseCommand ? ['--skip-release-command'] : []),
      ...(updateOnly && !flags.includes('--update-only') ? ['--update-only'] : []),
      ...Object.entries(files).flatMap(([guest, local]) => ['--file-local', `${guest}=${local}`]),
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...flags,
    ],
    { allowFailure: true },
  );
  return {
    exitCode,
    release: exitCode === 0 ? releaseIn(stdout) : undefined,
    output: stripVTControlCharacters(`${stdout}\n${stderr}`),
  };
}

/** The last that flyctl said, for an error. */
export function lastWords({ output }: Deployed): string {
  return lastLines(output, 8);
}

/** The line that FLY_EMIT_RELEASE_JSON asks for. */
function releaseIn(stdout: string): Release | undefined {
  for (const line of stdout.split('\n').reverse()) {
    if (!line.startsWith('{"id":')) continue;
    const { id, version } = JSON.parse(line) as { id: string; version: number };
    return { id, version: String(version) };
  }
  return undefined;
}
