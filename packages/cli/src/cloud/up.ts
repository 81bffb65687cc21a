import { resolve } from 'node:path';
import type { PortRange } from '@gangway/emulator';
import { Command, Option } from 'commander';
import { Misuse } from '../misuse.ts';
import type { End } from '../status.ts';
import { exportHint } from './env.ts';
import { readPort, readPorts, readWhole, type UpOptions } from './options.ts';
import { type Place, placeOf, type Running } from './process/place.ts';
import { signalled } from './process/signalled.ts';
import { refuseRunning, refuseTaken, startDetached } from './process/start.ts';
import { repositoryOf } from './repository.ts';
import { mergeSeeds, readSeed } from './seed.ts';

interface Flags {
  readonly detach?: true;
  readonly port: number;
  readonly project?: string;
  readonly data?: string;
  readonly repository?: string;
  readonly ref?: string;
  readonly event?: string;
  readonly environment?: string;
  readonly realHosts?: true;
  readonly seed: readonly string[];
  readonly operationTime: number;
  readonly publishedPorts?: PortRange;
  readonly dockerHost?: string;
  readonly kubernetes?: true;
  readonly verbose?: true;
}

/** `gangway up`. */
export function upCommand(end: End): Command {
  return new Command('up')
    .description(
      'Start the local cloud of this folder: Google Cloud, GitHub and Fly.io on one port of 127.0.0.1.',
    )
    .option('-d, --detach', 'start it in the background, and return once it is ready')
    .addOption(
      new Option(
        '-p, --port <port>',
        'port to listen on; 0 takes a free one, or with --data the one from before',
      )
        .argParser(readPort)
        .default(0),
    )
    .option('--project <id>', 'id of the Google Cloud project (default: demo-project)')
    .option('--data <dir>', 'keep everything in this folder, and start with what is in it')
    .option('--repository <owner/name>', "repository whose jobs may deploy (default: this folder's)")
    .option('--ref <ref>', 'ref of the job whose OIDC variables are exported (default: refs/heads/main)')
    .option('--event <name>', 'event of that job, such as pull_request (default: push)')
    .option('--environment <name>', 'GitHub environment of that job')
    .option('--real-hosts', 'be an HTTPS proxy for the real host names, too')
    .addOption(
      new Option('--seed <file>', 'YAML file of what else exists from the start; repeatable')
        .argParser((file: string, files: readonly string[]) => [...files, file])
        .default([], 'none'),
    )
    .addOption(
      new Option('--operation-time <ms>', 'how long every long-running operation takes')
        .argParser(readWhole)
        .default(0),
    )
    .addOption(
      new Option(
        '--published-ports <first-last>',
        'in a container: ports that it publishes for what is deployed, by the same numbers',
      ).argParser(readPorts),
    )
    .option('--docker-host <url>', 'Docker engine for containers (default: DOCKER_HOST, then the usual one)')
    .option(
      '--kubernetes',
      'run a real Kubernetes cluster, "local" in us-central1; it is built the first time',
    )
    .option('-v, --verbose', 'print each request as it is answered, also those to what was deployed')
    .addHelpText(
      'after',
      `
Each folder has its own local cloud; several can run at once. Commands find that of the folder they are
started in, or of the nearest one above it.

A seed file has the keys projects, service_accounts, deployers, providers, repositories, apis, secrets and
fly_apps:

  service_accounts: [runtime]
  repositories: [europe-west1/apis]
  apis: [pubsub.googleapis.com]
  secrets: { api-key: not-a-real-one }

Examples:
  gangway up --detach && eval "$(gangway env)" && gcloud run services list
  gangway up --port 8085 --seed seed.yaml --verbose
  gangway up --detach --data .gangway   # gangway down, and up again: all is there again
  gangway down`,
    )
    .action(async (flags: Flags) => {
      const place = placeOf(process.cwd());
      await refuseRunning(place);
      const options = optionsOf(flags, place);
      if (flags.detach) {
        const { running } = await startDetached(place, options, (line) => console.error(line));
        console.log(welcome(running, place, true));
      } else {
        await refuseTaken(options.port);
        await stayUp(place, options, flags.verbose === true);
      }
      end(0);
    });
}

function optionsOf(flags: Flags, { folder }: Place): UpOptions {
  const {
    data,
    kubernetes,
    publishedPorts,
    port,
    project,
    operationTime,
    dockerHost,
    seed,
    ref,
    event,
    environment,
    realHosts,
  } = flags;
  const repository = flags.repository ?? repositoryOf(folder);
  if (project !== undefined && !/^[a-z](?:[a-z0-9-]{4,28}[a-z0-9])$/.test(project))
    throw new Misuse(
      `--project ${project}: a project id has 6 to 30 lowercase letters, digits and dashes, a letter first.`,
    );
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Misuse(`--repository ${repository} is not OWNER/NAME.`);
  if (ref !== undefined && !ref.startsWith('refs/'))
    throw new Misuse(`--ref ${ref} is not like refs/heads/main, refs/tags/v1 or refs/pull/1/merge.`);
  if (dockerHost !== undefined && !/^(?:unix|tcp|http|npipe):\/\//.test(dockerHost))
    throw new Misuse(
      `--docker-host ${dockerHost} is not like unix:///var/run/docker.sock or tcp://HOST:PORT.`,
    );
  if (data === '') throw new Misuse('--data "" is no path of a folder.');
  return {
    port,
    ...(project !== undefined && { project }),
    ...(data !== undefined && { data: resolve(data) }),
    repository,
    operationTime,
    job: { ...(ref && { ref }), ...(event && { event }), ...(environment && { environment }) },
    ...(realHosts && { realHosts }),
    ...(publishedPorts && { publishedPorts }),
    ...(dockerHost && { dockerHost }),
    ...(kubernetes && { kubernetes }),
    leased: false,
    seed: mergeSeeds(seed.map(readSeed)),
  };
}

async function stayUp(place: Place, options: UpOptions, verbose: boolean): Promise<void> {
  const signal = signalled();
  const { requestLine, serveCloud } = await import('../on-demand.ts');
  const served = await serveCloud(
    place,
    options,
    (line) => console.error(line),
    verbose ? (request) => console.log(requestLine(request)) : undefined,
  );
  console.log(welcome(served.running, place, false));
  await Promise.race([signal, served.stopped]);
  await served.close();
}

/** What a person needs to know of a local cloud that has started. */
function welcome(running: Running, { folder }: Place, detached: boolean): string {
  const { origin, project, repository, dockerHost } = running;
  return [
    `The local cloud of ${folder} is ready at ${origin}`,
    `  project     ${project}`,
    `  repository  ${repository}`,
    `  containers  ${dockerHost ?? 'none: there is no Docker engine'}`,
    `  console     ${origin}/`,
    `  exports     ${exportHint(running)}`,
    detached ? 'gangway down stops it, gangway status shows what it has.' : 'Control-C stops it.',
  ].join('\n');
}
