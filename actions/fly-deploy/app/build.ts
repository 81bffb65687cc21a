import { stripVTControlCharacters } from 'node:util';
import { ActionError, lastLines, log } from '@gangway/action';
import type { BuildSection, FlyConfig } from '../flyctl/fly-config.ts';
import type { Flyctl } from '../flyctl/flyctl.ts';
import type { Inputs } from '../inputs.ts';
import { buildWithBuildx, ownBuilder } from './build-with-buildx.ts';
import { flyPlace } from './image.ts';
import { findBuilt } from './reuse.ts';
import { sourceKey } from './source-key.ts';

/**
 * The image that is deployed: that of the input, that of fly.toml, or one that is built from what fly.toml says and pushed to Fly's
 * registry. A builder of buildx that pushes by itself builds where the job has one, as it keeps its cache for the next runner; else
 * flyctl does.
 *
 * @param token that may push to the app's repository
 * @param scratch a directory of the step's own
 * @returns its name
 * @throws ActionError `build-failed`
 */
export async function sourceImage(
  flyctl: Pick<Flyctl, 'run'>,
  inputs: Inputs,
  config: FlyConfig,
  app: string,
  token: string,
  scratch: string,
): Promise<string> {
  if (inputs.image) return inputs.image;
  if (config.image) {
    log.info(`fly.toml names the image ${config.image}; nothing is built.`);
    return config.image;
  }
  const place = flyPlace(app, token);
  const before = inputs.build.reuse
    ? await findBuilt(() => sourceKey(config.build, inputs.config, inputs.build, place.registry), place)
    : undefined;
  if (before?.image) {
    log.info(`${before.image} was built from the same sources: nothing is built.`);
    return before.image;
  }
  const driver = canBuildx(config.build, inputs) ? await ownBuilder() : undefined;
  const built = driver
    ? await buildWithBuildx({ driver, inputs, section: config.build, app, token, scratch })
    : await build(flyctl, inputs, config, app);
  log.info(`Built ${built}.`);
  await before?.remember(built);
  return built;
}

/** Whether a Dockerfile of the workspace is built here; all else is flyctl's. */
function canBuildx(
  { builder, buildpacks, builtin, dockerfile = '' }: BuildSection,
  { build }: Inputs,
): boolean {
  // Where docker login is lent to the client by a shell script.
  if (process.platform === 'win32') return false;
  return !build.remote && !builder && !buildpacks?.length && !builtin && !/^https?:/.test(dockerfile);
}

async function build(
  flyctl: Pick<Flyctl, 'run'>,
  inputs: Inputs,
  { build: section }: FlyConfig,
  app: string,
): Promise<string> {
  const { remote, flags } = inputs.build;
  const args = [
    ...['deploy', '--app', app, '--config', inputs.config, '--build-only', '--push', '--yes'],
    ...(remote ? ['--remote-only'] : ['--local-only']),
    // Else what runs in the build looks for Docker where it usually is, and not where this step has it.
    ...(section.builder && !remote && process.env.DOCKER_HOST ? ['--buildpacks-docker-host', 'inherit'] : []),
    ...flags,
  ];
  const first = await run(flyctl, args);
  // Depot, which Fly builds with by default, is not there for every organization and at all times.
  const refused = remote && first.exitCode !== 0 && /depot/i.test(first.output);
  if (refused) log.warning(`Depot could not build: ${lastLines(first.output, 2)}\nUsing Fly's own builder.`);
  const { exitCode, output } = refused ? await run(flyctl, [...args, '--depot=false']) : first;
  const image = /^\s*image: (\S+)$/m.exec(output)?.[1];
  if (exitCode === 0 && image) return image;
  throw new ActionError(`flyctl could not build ${app}. It ended with:\n${lastLines(output, 12)}`, {
    code: 'build-failed',
    hint: remote
      ? "fix what it says; or leave remote_only out, to build with the runner's Docker"
      : 'fix what it says; the runner needs Docker, and fly.toml needs a Dockerfile beside it or a [build] section',
  });
}

async function run(
  flyctl: Pick<Flyctl, 'run'>,
  args: readonly string[],
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const { exitCode, stdout, stderr } = await flyctl.run(args, {
    allowFailure: true,
    // It would label the image with the commit, so that no step after the labels were in a cache.
    env: { GITHUB_ACTIONS: '' },
  });
  return { exitCode, output: stripVTControlCharacters(`${stdout}\n${stderr}`) };
}
