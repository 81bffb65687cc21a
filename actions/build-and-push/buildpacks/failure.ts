import { ActionError, lastLines } from '@gangway/action';
import type { PackReport } from './progress.ts';

/** How much of what a buildpack printed belongs into an error. */
const LINES = 12;

/**
 * The error for a build by pack that failed: the phase, its last lines, and what can be done.
 *
 * @param output all that pack printed
 * @param builder the builder image as it was named
 * @see https://github.com/buildpacks/spec/blob/main/platform.md#outputs-4 (exit codes of the lifecycle)
 */
export function packFailure(
  { phase, output: last }: PackReport,
  output: string,
  builder: string,
  exitCode: number,
): ActionError {
  const status = Number(/failed with status code: (\d+)/.exec(output)?.[1] ?? 0);
  const said = lastLines(last.replace(/^ERROR: failed to build: executing lifecycle.*$/gm, ''), LINES);
  const reason =
    /^ERROR: failed to build: (.*)$/m.exec(output)?.[1] ?? `pack ended with exit code ${exitCode}`;
  if (status === 20 || status === 21 || /No buildpack groups passed detection/.test(output))
    return new ActionError(`No buildpack of ${builder} can build what is in the context:\n${said}`, {
      code: 'buildpacks-none',
      hint: 'check that context is the directory of the application; say how it starts by a Procfile, or GOOGLE_ENTRYPOINT under build_env_vars; name another builder under builder_image; or write a Dockerfile and build: dockerfile',
    });
  // What buildpacks print may be about other servers.
  const own = phase === 'BUILDING' ? '' : `${reason}\n${said}`;
  const known = KNOWN.find(({ code, pattern }) => pattern.test(code === 'disk-full' ? output : own));
  const where = phase ? ` in ${phase.toLowerCase()}` : '';
  const what = status === 0 || !said ? reason : said;
  return new ActionError(`The build with ${builder} failed${where}:${status === 0 ? ' ' : '\n'}${what}`, {
    code: known?.code ?? 'build-failed',
    hint: known?.hint,
  });
}

const KNOWN = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'disk-full',
    hint: 'free space on the engine\'s disk: see it with "docker system df", free it with "docker system prune", or use a larger runner',
  },
  {
    pattern: /Cannot connect to the Docker daemon|error during connect/i,
    code: 'docker-engine',
    hint: 'start the Docker engine, or point DOCKER_HOST at one that runs',
  },
  {
    pattern: /failed to fetch builder image|invalid builder/i,
    code: 'builder-image',
    hint: 'check the name in builder_image or project.toml; sign in to its registry with docker/login-action before this step, if it is private',
  },
  {
    pattern: /invalid run-image|failed to (fetch|get) run image|UNAUTHORIZED|DENIED|denied:/,
    code: 'base-image',
    hint: 'grant the account that deploys a role on the repository that holds the builder and its run image, such as roles/artifactregistry.reader, or sign in to their registry with docker/login-action before this step',
  },
  {
    pattern: /lifecycle image|buildpacksio\/lifecycle/,
    code: 'lifecycle-image',
    hint: 'builders whose makers pack does not know need the image buildpacksio/lifecycle beside them: let the runner pull from Docker Hub, or put it into the engine in a step before',
  },
] as const;
