import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud as start } from '../cloud.ts';
import type { CloudOptions } from '../cloud-options.ts';
import { environment, writeEnvironmentFiles } from '../environment.ts';
import { movableClock } from '../kernel/clock.ts';
import type { Faults } from '../kernel/faults.ts';
import type { AnsweredRequest } from '../kernel/http/answered-request.ts';
import { REPOSITORY } from '../seeded.ts';
import type { Resources } from './deployed.ts';
import { outputOf } from './output.ts';
import { plant } from './plant.ts';
import { resourcesOf } from './resources.ts';
import type { Planted, Seed } from './seed.ts';
import type { WrittenLine } from './written-line.ts';

/** How a program starts a local cloud. */
export interface LocalCloudOptions extends Omit<CloudOptions, 'clock'> {
  /** What it starts with beside its defaults; default: nothing. */
  readonly seed?: Seed;
}

/** A local cloud that runs inside this process. */
export interface LocalCloud {
  /** Where it answers, such as `http://127.0.0.1:43817`. */
  readonly origin: string;
  readonly project: { readonly id: string; readonly number: string };
  /** The variables that point gcloud, docker, flyctl, Google's client libraries and the actions at it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The last requests to its APIs, oldest first. */
  readonly requests: readonly AnsweredRequest[];
  /** Lets the next requests that match fail. */
  readonly faults: Faults;
  /** Its time, in milliseconds since the epoch. */
  now(): number;
  /** Moves its time forward, so that tokens expire. @param milliseconds */
  advance(milliseconds: number): void;
  /** Makes what a seed names and what is not there yet. @throws Error that names what can't be made */
  seed(seed: Seed): Planted;
  /** What was deployed to it. */
  resources(): Resources;
  /** What containers and machines wrote, oldest first. @param from a service, job or app; default: all */
  output(from?: string): Promise<readonly WrittenLine[]>;
  /**
   * Stops it with everything that it started, and removes the files that its variables name.
   *
   * @returns what could not be removed from the Docker engine, such as `container ID`
   */
  close(): Promise<readonly string[]>;
}

/**
 * Starts a local cloud on a free port of 127.0.0.1. Everything works without a Docker engine, except that containers don't start.
 *
 * @throws Error when the port is in use, or the seed names what can't be made
 */
export async function startCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const { seed = {}, ...rest } = options;
  const clock = movableClock();
  const cloud = await start({ ...rest, clock });
  const repository = options.job?.repository ?? REPOSITORY;
  const folder = await mkdtemp(join(tmpdir(), 'gangway-'));
  const close = async () => {
    const remains = await cloud.close();
    await rm(folder, { recursive: true, force: true });
    return remains;
  };
  try {
    plant(cloud, repository, seed);
    const variables = environment(cloud, await writeEnvironmentFiles(cloud, folder));
    return {
      origin: cloud.origin,
      project: cloud.project,
      environment: variables,
      requests: cloud.requests,
      faults: cloud.faults,
      now: clock.now,
      advance: clock.advance,
      seed: (more) => plant(cloud, repository, more),
      resources: () => resourcesOf(cloud),
      output: (from) => outputOf(cloud, from),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
