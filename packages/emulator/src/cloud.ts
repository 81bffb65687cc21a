import { resolve } from 'node:path';
import { addressOf, hostsOf, overrides, withoutOverrides } from './addresses.ts';
import type { CloudOptions } from './cloud-options.ts';
import { type Console, openConsole } from './console/console.ts';
import type { Contracts } from './contracts.ts';
import { APIS } from './google/discovery/apis.ts';
import { atMost } from './kernel/at-most.ts';
import { type Clock, clockAhead } from './kernel/clock.ts';
import { type DataFolder, openData } from './kernel/data/folder.ts';
import { keep, occupied, projectOf, restore, resume } from './kernel/data/keep.ts';
import type { Keeper } from './kernel/data/keeper.ts';
import { Faults } from './kernel/faults.ts';
import type { Served } from './kernel/forward/front.ts';
import { LOOPBACK, publishedOn } from './kernel/forward/listening.ts';
import { absent } from './kernel/http/absent.ts';
import type { Circumstances } from './kernel/http/answered.ts';
import type { AnsweredRequest } from './kernel/http/answered-request.ts';
import type { Authority } from './kernel/http/authority.ts';
import { createDispatcher } from './kernel/http/dispatch.ts';
import { RequestLog } from './kernel/http/request-log.ts';
import { type Site, serve } from './kernel/http/server.ts';
import type { Operations } from './kernel/operations/operations.ts';
import { Ports } from './kernel/ports.ts';
import { type Mounted, mount } from './kernel/service/mount.ts';
import type { Project } from './kernel/service/project.ts';
import type { AnyService } from './kernel/service/service.ts';
import { SigningKeys } from './kernel/signing-keys.ts';
import { services } from './services.ts';

/** A local cloud, as a program that runs it sees it: the kernel's tools, and what every service keeps. */
export type Cloud = Tools & Kept;

interface Tools {
  /** e.g. `http://127.0.0.1:8080`, where every service answers: most below a prefix of their own. */
  readonly origin: string;
  readonly project: Project;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Keys that sign ID tokens. */
  readonly keys: SigningKeys;
  /** The last requests answered on the main port, oldest first. */
  readonly requests: readonly AnsweredRequest[];
  /** The same, and how many came before. */
  readonly log: Pick<RequestLog, 'count' | 'after'>;
  /** What services do for each other. */
  readonly contracts: Contracts;
  /** Where a service answers, e.g. `http://127.0.0.1:8080/run` for `run.googleapis.com`. @throws Error for one that is not there */
  addressOf(service: string): string;
  /** The long-running operations of a service. @throws Error for one that is not there */
  operationsOf(service: string): Operations;
  /** With `realHosts`, the certificate that clients are to trust, PEM. */
  readonly authority: string | undefined;
  /** The variables that point clients at the services. */
  env(): Record<string, string>;
}

/** A local cloud that its holder closes. */
export type RunningCloud = Cloud & {
  /**
   * Stops the listeners, the gateways and every container that was started.
   *
   * @param within milliseconds after which it is given up; default: any
   * @returns what could not be removed, as docker's commands name it: `container ID`, `volume NAME`, `image REFERENCE`
   */
  close(within?: number): Promise<readonly string[]>;
};

/** The one project there is, unless another is named. */
const PROJECT: Project = { id: 'demo-project', number: '123456789012' };

/** Every name of Google's APIs is Google's: one that the local cloud does not have is not found, not turned away. */
const GOOGLE = '*.googleapis.com';

/**
 * Starts a local cloud on loopback with one project, its defaults seeded.
 *
 * @param catalogue the services that it has; default all
 */
export async function startCloud(
  options: CloudOptions = {},
  catalogue: readonly AnyService<Contracts>[] = services,
): Promise<RunningCloud> {
  const data = options.data === undefined ? undefined : openData(resolve(options.data));
  try {
    return await start(options, catalogue, data);
  } catch (error) {
    data?.close();
    throw error;
  }
}

async function start(
  options: CloudOptions,
  catalogue: readonly AnyService<Contracts>[],
  data: DataFolder | undefined,
): Promise<RunningCloud> {
  const { operationTime = 0, onNotice, bare = false } = options;
  const saved = data?.saved;
  const project = projectOf({ id: options.project, number: options.projectNumber }, PROJECT, data);
  const clock = clockAhead(options.clock, saved?.ahead ?? 0);
  const ports = new Ports(saved?.ports, onNotice);
  let site: Site | undefined;
  let keeper: Keeper | undefined;
  const authority = options.realHosts ? await makeAuthority() : undefined;
  const listening = options.publishedPorts ? publishedOn(options.publishedPorts) : LOOPBACK;
  const server = await serve(() => site, options.port || (saved?.port ?? 0), listening, authority).catch(
    (error) => {
      throw options.port ? error : occupied(error, data);
    },
  );
  const origin = `http://127.0.0.1:${server.port}`;
  const issuers = catalogue.flatMap(({ issuer }) => (issuer ? [issuer] : []));
  const keys = new SigningKeys(issuers, saved?.keys);
  if (data) await keys.made();
  const { dockerHost, simulateMachines = false, job = {} } = options;
  const tools = { origin, project, clock, keys, ports, data: data?.path };
  // What was deployed is told of like what the services answer.
  const report = ({ by: service, took, ...served }: Served) => {
    const request = { service, ...served, time: clock.now() };
    for (const witness of site?.witnesses ?? [])
      witness(request, { took, reply: undefined, principal: undefined });
  };
  const shared = { ...tools, catalogue, dockerHost, listening, simulateMachines, report, job };
  const { mounted, contracts } = await mount(catalogue, shared, operationTime).catch(
    async (error: unknown) => {
      await server.close();
      throw error;
    },
  );
  const faults = new Faults();
  const log = new RequestLog();
  const kept: Kept = Object.assign({}, ...mounted.map(({ state }) => state));
  // A cloud of other services has nothing that it would show.
  const console: Console | undefined =
    catalogue === services
      ? openConsole({ ...kept, origin, project, clock, contracts }, catalogue)
      : undefined;
  const { onRequest } = options;
  site = {
    find: createDispatcher(mounted, project, [GOOGLE]),
    absent: (method, asked) => absent(method, asked, catalogue),
    hosts: [...hostsOf(mounted), GOOGLE, ...(options.hosts ?? [])],
    project,
    clock,
    faults,
    authorizer: contracts.authorizer,
    apis: APIS,
    front: (host, port) => {
      for (const front of contracts.webFronts ?? []) {
        const found = front.find(host, port);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    log,
    witnesses: [
      ...(console ? [console.witness] : []),
      () => keeper?.touch(),
      ...(onRequest ? [(request: AnsweredRequest, { took }: Circumstances) => onRequest(request, took)] : []),
    ],
    pages: console?.pages,
  };
  if (saved) restore(mounted, saved, bare);
  else for (const service of mounted) service.seed(bare);
  if (saved)
    await resume(mounted, onNotice ?? globalThis.console.error).catch(async (error: unknown) => {
      for (const service of mounted) await service.stop();
      await server.close();
      throw error;
    });
  keeper = data && keep(data, { project, port: server.port, clock, ports, keys, mounted });
  const named = (name: string): Mounted => {
    const found = mounted.find(({ declaration }) => declaration.name === name);
    if (!found) throw new Error(`The local cloud has no service ${name}.`);
    return found;
  };
  return {
    ...kept,
    origin,
    project,
    clock,
    faults,
    keys,
    requests: log.recent,
    log,
    contracts,
    authority: authority?.certificate,
    addressOf: (name) => addressOf(origin, named(name)),
    operationsOf: (name) => named(name).operations,
    env: () => {
      const pointed = Object.assign(
        overrides(origin, mounted),
        ...mounted.map((service) => service.env()),
      ) as Record<string, string>;
      return authority ? withoutOverrides(pointed) : pointed;
    },
    async close(within = Number.POSITIVE_INFINITY) {
      const closing = (async () => {
        console?.close();
        if (keeper) for (const service of mounted) await service.settle();
        // Before anything is stopped, which would be kept, too.
        keeper?.stop();
        // What runs first: it may still call the services.
        for (const service of mounted) await service.stop();
        await server.close();
        for (const service of mounted) await service.close();
        data?.close();
      })();
      await atMost(within, closing);
      return mounted.flatMap((service) => service.remains());
    },
  };
}

/** Its library takes a third of a second to load, which only who wants it waits for. */
async function makeAuthority(): Promise<Authority> {
  const { createAuthority } = await import('./kernel/http/authority.ts');
  return createAuthority();
}

/** What the services keep, together. */
type Kept = Intersection<Awaited<ReturnType<NonNullable<(typeof services)[number]['state']>>>>;

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void
  ? I
  : never;
