import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  clearData,
  createServiceAccountKey,
  environment,
  githubRequestToken,
  linesOf,
  movableClock,
  type RunningCloud,
  seededAccounts,
  startCloud,
  writeEnvironmentFiles,
} from '@gangway/emulator';
import { type Engine, removeImages, startEngine } from '@gangway/engine';
import { type Handlers, takeOrders } from './control.ts';
import { explain } from './explain.ts';
import type { UpOptions } from './options.ts';
import type { DueFault, Request, Status } from './orders.ts';
import { type Place, prepare, type Running, recordFile } from './place.ts';
import { plant } from './plant.ts';
import { resourcesOf } from './resources.ts';

/** A local cloud that takes orders until it is stopped. */
export interface Served {
  readonly running: Running;
  readonly requests: (after: number) => readonly Request[];
  /** Resolves once it was told to stop. */
  readonly stopped: Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the local cloud of a place.
 *
 * @param say gets a line when something takes time, or is missing
 * @throws Error that says what is in the way
 */
export async function serveCloud(
  place: Place,
  options: UpOptions,
  say: (line: string) => void,
): Promise<Served> {
  prepare(place);
  const engine = await findEngine(options, say);
  const dockerHost = options.dockerHost ?? engine?.host;
  let cloud: RunningCloud;
  let exports: Readonly<Record<string, string>>;
  const files = join(place.state, 'files');
  const envFile = join(place.state, 'env');
  const clock = movableClock();
  let { port, project } = options;

  const start = async () => {
    cloud = await startCloud({
      port,
      clock,
      ...(project && { project }),
      ...(options.data && { data: options.data, onNotice: say }),
      ...(options.projectNumber && { projectNumber: options.projectNumber }),
      job: { repository: options.repository },
      operationTime: options.operationTime,
      ...(dockerHost && { dockerHost }),
    });
    // What comes after a reset answers where it did before.
    port = Number(new URL(cloud.origin).port);
    project = cloud.project.id;
    plant(cloud, options.repository, options.seed);
    await rm(files, { recursive: true, force: true });
    await mkdir(files, { recursive: true, mode: 0o700 });
    const { flyToken, ...paths } = await writeEnvironmentFiles(cloud, files);
    exports = {
      ...environment(cloud, { flyToken, ...paths }),
      ...(engine?.environment ?? (dockerHost && { DOCKER_HOST: dockerHost })),
      GANGWAY_FLY_TOKEN_FILE: flyToken,
      // gcloud puts a region before the host of Cloud Run's address, which only a proxy can find; a number would make it no name.
      CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `http://localhost:${port}/run/`,
      CLOUDSDK_PROXY_TYPE: 'http',
      CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
      CLOUDSDK_PROXY_PORT: String(port),
    };
    // A shell has a PATH of its own, and one docker there.
    const { PATH: _, ...shown } = exports;
    writeFileSync(envFile, exportLines(shown), { mode: 0o600 });
  };
  const stop = async () => {
    await cloud.close();
    if (engine) await removeImages(new URL(cloud.origin).host, engine.environment).catch(() => undefined);
  };
  try {
    await start();
  } catch (error) {
    await engine?.stop();
    throw new Error(explain(error));
  }

  let leased = options.leased;
  let tell!: () => void;
  const stopped = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const requestsAfter = (after: number): readonly Request[] =>
    cloud.requests.slice(after).map(({ service = '', ...request }) => ({ ...request, service }));
  const faults = () =>
    cloud.faults.list().map(({ fault, left }): DueFault => ({ ...fault, match: fault.match.source, left }));
  const status = (): Status => ({
    origin: cloud.origin,
    project: cloud.project.id,
    projectNumber: cloud.project.number,
    repository: options.repository,
    now: clock.now(),
    requests: cloud.requests.length,
    faults: cloud.faults.pending,
    ...(dockerHost && { dockerHost }),
  });
  const handlers: Handlers = {
    status,
    resources: () => resourcesOf(cloud),
    requests: ({ after }) => ({ requests: requestsAfter(after), next: cloud.requests.length }),
    logs: async ({ service, after }) => {
      const lines = await linesOf(cloud, { name: service });
      return { lines: lines.slice(after), next: lines.length };
    },
    reset: async () => {
      await stop();
      if (options.data) clearData(options.data);
      await start();
      return status();
    },
    advance: ({ milliseconds }) => {
      clock.advance(milliseconds);
      return { now: clock.now() };
    },
    fault: ({ match, ...fault }) => {
      cloud.faults.add({ ...fault, match: new RegExp(match) });
      return { faults: faults() };
    },
    faults: () => ({ faults: faults() }),
    'clear-faults': () => {
      const cleared = cloud.faults.list().length;
      cloud.faults.clear();
      return { cleared };
    },
    seed: (seed) => plant(cloud, options.repository, seed),
    'request-tokens': ({ claims, environments }) =>
      Object.fromEntries(
        ['', ...environments].map((name) => [
          name,
          githubRequestToken(cloud, {
            repository: options.repository,
            ...claims,
            ...(name && { environment: name }),
          }),
        ]),
      ),
    'account-key': async ({ email = seededAccounts(cloud.project).deployer }) => ({
      key: JSON.stringify(await createServiceAccountKey(cloud, email)),
    }),
    environment: () => exports,
    keep: () => {
      leased = false;
      return {};
    },
    stop: () => {
      tell();
      return {};
    },
  };
  const orders = await takeOrders(place, handlers);
  process.on('disconnect', () => {
    if (leased) tell();
  });
  const running: Running = {
    pid: process.pid,
    origin: status().origin,
    project: status().project,
    repository: options.repository,
    started: Date.now(),
    envFile,
    ...(dockerHost && { dockerHost }),
  };
  writeFileSync(recordFile(place), JSON.stringify(running), { mode: 0o600 });
  return {
    running,
    requests: requestsAfter,
    stopped,
    async close() {
      orders.closeAllConnections();
      orders.close();
      await stop();
      await engine?.stop();
      rmSync(recordFile(place), { force: true });
      rmSync(envFile, { force: true });
      rmSync(files, { recursive: true, force: true });
    },
  };
}

async function findEngine(
  { dockerHost }: UpOptions,
  say: (line: string) => void,
): Promise<Engine | undefined> {
  if (dockerHost !== undefined) return undefined;
  try {
    return await startEngine({ onProgress: say, install: false });
  } catch (error) {
    say(`Containers can't start without a Docker engine; everything else works. ${(error as Error).message}`);
    return undefined;
  }
}

/** Shell exports, one a line. */
function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
}

/** A folder for what a run needs, which goes with it. */
export function scratch({ state }: Place, prefix: string): string {
  return mkdtempSync(join(state, prefix));
}
