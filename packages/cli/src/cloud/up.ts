import { Command, Option } from 'commander';
import { Misuse } from '../misuse.ts';
import type { End } from '../status.ts';
import { exportHint } from './env.ts';
import { requestLine } from './logs.ts';
import { readPort, readWhole, type UpOptions } from './options.ts';
import { type Place, placeOf, type Running } from './place.ts';
import { repositoryOf } from './repository.ts';
import { readSeed } from './seed.ts';
import { serveCloud } from './serve.ts';
import { refuseRunning, refuseTaken, signalled, startDetached } from './start.ts';

interface Flags {
  readonly detach?: true;
  readonly port: number;
  readonly project: string;
  readonly repository?: string;
  readonly seed?: string;
  readonly operationTime: number;
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
      new Option('-p, --port <port>', 'port to listen on; 0 takes a free one').argParser(readPort).default(0),
    )
    .option('--project <id>', 'id of the Google Cloud project', 'demo-project')
    .option('--repository <owner/name>', "repository whose jobs may deploy (default: this folder's)")
    .option('--seed <file>', 'YAML file of what it starts with beside its defaults')
    .addOption(
      new Option('--operation-time <ms>', 'how long every long-running operation takes')
        .argParser(readWhole)
        .default(0),
    )
    .option('--docker-host <url>', 'Docker engine for containers (default: DOCKER_HOST, then the usual one)')
    .option(
      '--kubernetes',
      'have a cluster "local" in us-central1, of the real Kubernetes; it is built the first time',
    )
    .option('-v, --verbose', 'print each request as it is answered')
    .addHelpText(
      'after',
      `
Each folder has a local cloud of its own; several run at once. Commands find that of the folder they are
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
  gangway down`,
    )
    .action(async (flags: Flags) => {
      const place = placeOf(process.cwd());
      refuseRunning(place);
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
  const { port, project, operationTime, dockerHost, seed, kubernetes } = flags;
  const repository = flags.repository ?? repositoryOf(folder);
  if (!/^[a-z](?:[a-z0-9-]{4,28}[a-z0-9])$/.test(project))
    throw new Misuse(
      `--project ${project}: a project id has 6 to 30 lowercase letters, digits and dashes, a letter first.`,
    );
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Misuse(`--repository ${repository} is not OWNER/NAME.`);
  if (dockerHost !== undefined && !/^(?:unix|tcp|http|npipe):\/\//.test(dockerHost))
    throw new Misuse(
      `--docker-host ${dockerHost} is not like unix:///var/run/docker.sock or tcp://HOST:PORT.`,
    );
  return {
    port,
    project,
    repository,
    operationTime,
    ...(dockerHost && { dockerHost }),
    ...(kubernetes && { kubernetes }),
    leased: false,
    seed: seed === undefined ? {} : readSeed(seed),
  };
}

async function stayUp(place: Place, options: UpOptions, verbose: boolean): Promise<void> {
  const signal = signalled();
  const served = await serveCloud(place, options, (line) => console.error(line));
  console.log(welcome(served.running, place, false));
  let printed = 0;
  const print = () => {
    const requests = served.requests(printed);
    printed += requests.length;
    for (const request of requests) console.log(requestLine(request));
  };
  const timer = verbose ? setInterval(print, 100) : undefined;
  await Promise.race([signal, served.stopped]);
  clearInterval(timer);
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
    `  exports     ${exportHint(running)}`,
    detached ? 'gangway down stops it, gangway status shows what it has.' : 'Control-C stops it.',
  ].join('\n');
}
