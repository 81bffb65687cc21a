import { stripVTControlCharacters } from 'node:util';
import { ActionError, invalid, lastLines, log } from '@gangway/action';
import type { FlyConfig } from '../flyctl/fly-config.ts';
import type { Flyctl } from '../flyctl/flyctl.ts';
import type { Inputs } from '../inputs.ts';
import { flyPlace } from './image.ts';
import { findBuilt } from './reuse.ts';
import { sourceKey } from './source-key.ts';

/**
 * The image that is deployed: that of the input, that of fly.toml, or one that flyctl builds from what fly.toml says and pushes to
 * Fly's registry.
 *
 * @param token that may push to the app's repository
 * @returns its name
 * @throws ActionError `build-failed`; `input-invalid` where fly.toml names an image and an input says how to build
 */
export async function sourceImage(
  flyctl: Pick<Flyctl, 'run'>,
  inputs: Inputs,
  config: FlyConfig,
  app: string,
  token: string,
): Promise<string> {
  if (inputs.image) return inputs.image;
  if (config.image) {
    if (inputs.build.given)
      throw invalid(
        ...inputs.build.given,
        `leave it out, or take the image ${config.image} out of [build] in ${inputs.config}: it is deployed, and nothing is built`,
      );
    log.info(`fly.toml names the image ${config.image}; nothing is built.`);
    return config.image;
  }
  refuseTwice(config, inputs);
  const place = flyPlace(app, token);
  const before = inputs.build.reuse
    ? await findBuilt(() => sourceKey(config.build, inputs.config, inputs.build, place.registry), place)
    : undefined;
  if (before?.image) {
    log.info(`${before.image} was built from the same sources: nothing is built.`);
    return before.image;
  }
  const built = await build(flyctl, inputs, app);
  log.info(`Built ${built}.`);
  await before?.remember(built);
  return built;
}

/** flyctl takes what fly.toml names, and passes by in silence what it is told beside it. */
function refuseTwice({ build: section }: FlyConfig, { build, config }: Inputs): void {
  const both = [
    ['dockerfile', build.dockerfile, section.dockerfile],
    ['ignorefile', build.ignorefile, section.ignorefile],
    ['build_target', build.target, section['build-target']],
  ] as const;
  for (const [name, given, named] of both)
    if (given && named && given !== named)
      throw invalid(
        name,
        given,
        `${config} names ${named} under [build], which flyctl takes: keep one of the two`,
      );
}

async function build(flyctl: Pick<Flyctl, 'run'>, inputs: Inputs, app: string): Promise<string> {
  const { remote, flags } = inputs.build;
  const args = [
    ...['deploy', '--app', app, '--config', inputs.config, '--build-only', '--push', '--yes'],
    ...(remote ? ['--remote-only'] : ['--local-only']),
    ...flags,
  ];
  const first = await run(flyctl, args);
  // Depot, which Fly builds with by default, is not there for every organization and at all times.
  const refused = remote && first.exitCode !== 0 && /depot/i.test(first.output);
  if (refused) log.warning(`Depot does not build: ${lastLines(first.output, 2)}\nFly's own builder does.`);
  const { exitCode, output } = refused ? await run(flyctl, [...args, '--depot=false']) : first;
  const image = /^\s*image: (\S+)$/m.exec(output)?.[1];
  if (exitCode === 0 && image) return image;
  throw new ActionError(`flyctl could not build ${app}. It ended with:\n${lastLines(output, 12)}`, {
    code: 'build-failed',
    hint: remote
      ? 'mend what it says; or leave remote_only out, to build with the Docker of this runner'
      : 'mend what it says; the runner needs Docker, and fly.toml a Dockerfile beside it or a [build] that says what to build',
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
