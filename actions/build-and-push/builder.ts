import { ActionError, ask, log } from '@gangway/action';

/** What builds: buildx, the BuildKit inside an older engine, or the classic builder. */
export type Builder = 'buildx' | 'buildkit' | 'classic';

/**
 * Finds out what this runner's Docker can build with.
 * @throws ActionError when there is no client or no engine
 */
export async function findBuilder(env: Readonly<Record<string, string>>): Promise<Builder> {
  const format = '{{.Client.Version}} {{.Server.Version}}';
  const version = await ask('docker', ['version', '--format', format], env).catch((cause) => {
    throw new ActionError('There is no "docker" on this runner.', {
      code: 'docker-missing',
      hint: 'use a runner with Docker, such as ubuntu-latest, or install docker.io',
      cause,
    });
  });
  if (version.exitCode !== 0) {
    throw new ActionError(`Docker's engine does not answer: ${version.stderr.trim()}`, {
      code: 'docker-engine',
      hint: 'start it, or point DOCKER_HOST at one that runs',
    });
  }
  const { exitCode } = await ask('docker', ['buildx', 'version'], env);
  const [client = '', server = ''] = version.stdout.trim().split(' ');
  // From 23 on the client knows BuildKit only through the buildx plugin.
  const builder = exitCode === 0 ? 'buildx' : Number.parseInt(client, 10) < 23 ? 'buildkit' : 'classic';
  log.info(`Docker ${client}, engine ${server}, builds with ${NAMES[builder]}.`);
  return builder;
}

const NAMES: Readonly<Record<Builder, string>> = {
  buildx: 'buildx',
  buildkit: "the engine's own BuildKit",
  classic: 'the classic builder (there is no buildx plugin)',
};
