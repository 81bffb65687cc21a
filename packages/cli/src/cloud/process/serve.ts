import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  clearData,
  createServiceAccountKey,
  environment,
  githubRequestToken,
  movableClock,
  outputOf,
  plant,
  type RunningCloud,
  resourcesOf,
  seededAccounts,
  snapshot,
  startCloud,
  writeEnvironmentFiles,
} from '@gangway/emulator';
import { type Engine, removeImages, startEngine } from '@gangway/engine';
import { Misuse } from '../../misuse.ts';
import { explain } from '../explain.ts';
import type { UpOptions } from '../options.ts';
import { type Handlers, takeOrders } from './control.ts';
import { startKubernetes } from './kubernetes.ts';
import type { DueFault, Request, Status } from './orders.ts';
import { type Place, prepare, type Running, record, removeRecord } from './place.ts';

/** A local cloud that takes orders until it is stopped. */
export interface Served {
  readonly running: Running;
  /** Resolves once it was told to stop. */
  readonly stopped: Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the local cloud of a place.
 *
 * @param say gets a line when something takes time, or is missing
 * @param onRequest told of each request once it is answered, also of those to what was deployed
 * @throws Error that says what is in the way
 */
export async function serveCloud(
  place: Place,
  options: UpOptions,
  say: (line: string) => void,
  onRequest?: (request: Request) => void,
): Promise<Served> {
  prepare(place);
  const engine = await findEngine(options, say);
  const dockerHost = options.dockerHost ?? engine?.host;
  let cloud: RunningCloud;
  let cluster: AsyncDisposable | undefined;
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
      job: { ...options.job, repository: options.repository },
      ...(options.realHosts && { realHosts: true }),
      operationTime: options.operationTime,
      ...(options.publishedPorts && { publishedPorts: options.publishedPorts }),
      ...(dockerHost && { dockerHost }),
      ...(onRequest && { onRequest: ({ service = '', ...request }) => onRequest({ ...request, service }) }),
    });
    // What comes after a reset answers where it did before.
    port = Number(new URL(cloud.origin).port);
    project = cloud.project.id;
    plant(cloud, options.repository, options.seed);
    if (options.kubernetes) cluster = await startKubernetes(cloud, place, say);
    await rm(files, { recursive: true, force: true });
    await mkdir(files, { recursive: true, mode: 0o700 });
    const { flyToken, ...paths } = await writeEnvironmentFiles(cloud, files);
    exports = {
      ...environment(cloud, { flyToken, ...paths }),
      ...(engine?.environment ?? (dockerHost && { DOCKER_HOST: dockerHost })),
      GANGWAY_FLY_TOKEN_FILE: flyToken,
    };
    // A shell has a PATH of its own, and one docker there.
    const { PATH: _, ...shown } = exports;
    writeFileSync(envFile, exportLines(shown), { mode: 0o600 });
  };
  const stop = async () => {
    // It asks the local cloud to the end.
    await cluster?.[Symbol.asyncDispose]();
    await cloud.close();
    if (engine) await removeImages(new URL(cloud.origin).host, engine.environment).catch(() => undefined);
  };
  try {
    await start();
  } catch (error) {
    await engine?.stop();
    if (error instanceof Misuse) throw error;
    throw new Error(explain(error));
  }

  let leased = options.leased;
  let tell!: () => void;
  const stopped = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const requestsAfter = (after: number): readonly Request[] =>
    cloud.log.after(after).map(({ service = '', ...request }) => ({ ...request, service }));
  const faults = () =>
    cloud.faults.list().map(({ fault, left }): DueFault => ({ ...fault, match: fault.match.source, left }));
  const status = (): Status => ({
    origin: cloud.origin,
    project: cloud.project.id,
    projectNumber: cloud.project.number,
    repository: options.repository,
    now: clock.now(),
    requests: cloud.log.count,
    faults: cloud.faults.pending,
    ...(dockerHost && { dockerHost }),
  });
  const handlers: Handlers = {
    status,
    resources: () => resourcesOf(cloud),
    snapshot: () => snapshot(cloud),
    requests: ({ after }) => ({ requests: requestsAfter(after), next: cloud.log.count }),
    logs: async ({ service, after }) => {
      const lines = await outputOf(cloud, service);
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
    leased: () => ({ leased }),
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
  record(place, running);
  return {
    running,
    stopped,
    async close() {
      try {
        record(place, { ...running, stopping: true });
      } catch {
        // Who removes its folder meanwhile looks for no record there.
      }
      orders.closeAllConnections();
      orders.close();
      await stop();
      await engine?.stop();
      rmSync(envFile, { force: true });
      rmSync(files, { recursive: true, force: true });
      // Last: whoever waits for the end of it takes this as the sign, and removes the folder.
      removeRecord(place);
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
