import { statfs } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { cacheDirectory, engineThere, find, run } from '@gangway/engine';
import { refuseTaken } from '../cloud/process/start.ts';
import { actThere, GET_ACT } from '../run/act.ts';
import { suiteFolder } from '../run/suite.ts';

/** One thing that a machine has or lacks. */
export interface Check {
  readonly name: string;
  /** `optional`: some workflows need it, and the local cloud does not. */
  readonly state: 'there' | 'optional' | 'missing';
  readonly found: string;
  /** What to do where it is not there. */
  readonly fix?: string;
}

const GIGABYTE = 1e9;
/** What images and a build need at least. */
const ROOM = 5 * GIGABYTE;

/** Looks at this machine. @param port that is meant to be used; 0 for any */
export async function checks(port: number): Promise<readonly Check[]> {
  return Promise.all([
    node(),
    engine(),
    buildx(),
    act(),
    disk(),
    ports(port),
    actions(),
    program('git', ['--version'], 'missing', 'Install git: act needs it to read the repository.'),
    program(
      'gcloud',
      ['--version'],
      'optional',
      'Workflows that run gcloud need it: https://cloud.google.com/sdk/docs/install',
    ),
    program(
      'flyctl',
      ['version'],
      'optional',
      'Workflows that deploy to Fly.io need it: https://fly.io/docs/flyctl/install/',
    ),
  ]);
}

async function node(): Promise<Check> {
  return { name: 'Node', state: 'there', found: `${process.version} at ${process.execPath}` };
}

async function engine(): Promise<Check> {
  const name = 'Docker engine';
  const { host, version, startable } = await engineThere();
  if (version) return { name, state: 'there', found: `${version} at ${host}` };
  if (startable) return { name, state: 'there', found: 'a private one is started when it is needed' };
  return {
    name,
    state: 'missing',
    found: `none answers at ${host}`,
    fix: process.env.DOCKER_HOST
      ? 'Start it, or unset DOCKER_HOST.'
      : 'Install and start Docker (https://docs.docker.com/engine/install/), or set DOCKER_HOST to one that runs.',
  };
}

async function buildx(): Promise<Check> {
  for (const docker of find('docker')) {
    const version = await run(docker, ['buildx', 'version']).catch(() => undefined);
    if (version) return { name: 'buildx', state: 'there', found: version.trim() };
  }
  return {
    name: 'buildx',
    state: 'optional',
    found: 'no docker on the PATH has it',
    fix: 'Builds use the classic builder. Install docker-buildx-plugin: https://docs.docker.com/build/install-buildx/',
  };
}

async function act(): Promise<Check> {
  const path = await actThere();
  if (path) {
    const version = await run(path, ['--version']).catch(() => '');
    return { name: 'act', state: 'there', found: `${version.trim()} at ${path}` };
  }
  if (find('go').length > 0)
    return {
      name: 'act',
      state: 'there',
      found: 'is built with Go at the first gangway run, in about a minute',
    };
  return { name: 'act', state: 'missing', found: 'neither act nor Go is on the PATH', fix: GET_ACT };
}

async function disk(): Promise<Check> {
  const places = [tmpdir(), await cacheDirectory().catch(() => homedir())];
  const free = await Promise.all(
    places.map(async (place) => {
      const { bavail, bsize } = await statfs(place);
      return { place, bytes: bavail * bsize };
    }),
  );
  const [least = { place: tmpdir(), bytes: 0 }] = free.sort((a, b) => a.bytes - b.bytes);
  const found = `${(least.bytes / GIGABYTE).toFixed(1)} GB free at ${least.place}`;
  if (least.bytes >= ROOM) return { name: 'disk', state: 'there', found };
  return {
    name: 'disk',
    state: 'missing',
    found,
    fix: 'Images and builds need 5 GB. Free some: docker system prune, or set TMPDIR to another disk.',
  };
}

async function ports(port: number): Promise<Check> {
  const name = 'ports';
  try {
    await refuseTaken(port);
    return { name, state: 'there', found: port === 0 ? '127.0.0.1 has free ones' : `${port} is free` };
  } catch (error) {
    return { name, state: 'missing', found: `${port} can't be used`, fix: (error as Error).message };
  }
}

async function actions(): Promise<Check> {
  try {
    return { name: 'actions', state: 'there', found: suiteFolder() };
  } catch (error) {
    return { name: 'actions', state: 'missing', found: 'not in this package', fix: (error as Error).message };
  }
}

async function program(name: string, args: string[], state: Check['state'], fix: string): Promise<Check> {
  const [path] = find(name);
  const said = path && (await run(path, args, { timeout: 20_000 }).catch(() => undefined));
  if (path && said !== undefined) return { name, state: 'there', found: `${said.split('\n')[0]} at ${path}` };
  return { name, state, found: path ? `${path} does not run` : 'not on the PATH', fix };
}
