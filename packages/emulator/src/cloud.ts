import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudOptions } from './cloud-options.ts';
import type { Contracts } from './contracts.ts';
import { APIS } from './google/discovery/apis.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { Faults } from './kernel/faults.ts';
import { LOOPBACK, publishedOn } from './kernel/forward/listening.ts';
import { absent } from './kernel/http/absent.ts';
import type { AnsweredRequest } from './kernel/http/answered-request.ts';
import type { Authority } from './kernel/http/authority.ts';
import { createDispatcher } from './kernel/http/dispatch.ts';
import { RequestLog } from './kernel/http/request-log.ts';
import { type Site, serve } from './kernel/http/server.ts';
import type { Operations } from './kernel/operations/operations.ts';
import { overridesOf, prefixOf } from './kernel/service/declaration.ts';
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
  const { clock = systemClock(), project: id = 'demo-project', port = 0, operationTime = 0 } = options;
  let site!: Site;
  const authority = options.realHosts ? await makeAuthority() : undefined;
  const listening = options.publishedPorts ? publishedOn(options.publishedPorts) : LOOPBACK;
  const server = await serve(() => site, port, listening, authority);
  const origin = `http://127.0.0.1:${server.port}`;
  const project = { id, number: options.projectNumber ?? '123456789012' };
  const keys = new SigningKeys(catalogue.flatMap(({ issuer }) => (issuer ? [issuer] : [])));
  const { dockerHost, simulateMachines = false, job = {} } = options;
  const shared = { origin, project, clock, keys, catalogue, dockerHost, listening, simulateMachines, job };
  const { mounted, contracts } = await mount(catalogue, shared, operationTime).catch(
    async (error: unknown) => {
      await server.close();
      throw error;
    },
  );
  const faults = new Faults();
  const log = new RequestLog();
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
    onRequest: options.onRequest,
  };
  for (const service of mounted) service.seed(options.bare ?? false);
  const named = (name: string): Mounted => {
    const found = mounted.find(({ declaration }) => declaration.name === name);
    if (!found) throw new Error(`The local cloud has no service ${name}.`);
    return found;
  };
  const kept: Kept = Object.assign({}, ...mounted.map(({ state }) => state));
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
        // What runs first: it may still call the services.
        for (const service of mounted) await service.stop();
        await server.close();
        for (const service of mounted) await service.close();
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

/** Waits for something, and no longer than so many milliseconds. */
async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  if (!Number.isFinite(milliseconds)) return void (await work);
  const late = new AbortController();
  const giveUp = sleep(milliseconds, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([work, giveUp]).finally(() => late.abort());
}

/** The variables that don't lead a client away from the name that it knows. */
function withoutOverrides(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) =>
        !/^(?:CLOUDSDK_API_ENDPOINT_OVERRIDES_|GHA_ENDPOINT_OVERRIDE_|FLY_(?:API|UIEX|FLAPS)_BASE_URL$|GITHUB_API_URL$)/.test(
          name,
        ),
    ),
  );
}

/** What the services keep, together. */
type Kept = Intersection<Awaited<ReturnType<NonNullable<(typeof services)[number]['state']>>>>;

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void
  ? I
  : never;

function hostsOf(mounted: readonly Mounted[]): readonly string[] {
  return mounted.flatMap(({ declaration: { name, hosts = [] } }) => [name, ...hosts]);
}

/** Where a service answers, without a slash at the end. */
function addressOf(origin: string, { declaration }: Mounted): string {
  const prefix = prefixOf(declaration);
  return prefix === undefined ? origin : `${origin}/${prefix}`;
}

/** gcloud's own variables, which point it and the actions at the services (`gcloud topic configurations`, api_endpoint_overrides). */
function overrides(origin: string, mounted: readonly Mounted[]): Record<string, string> {
  return Object.fromEntries(
    mounted.flatMap((service) =>
      overridesOf(service.declaration).map((name) => [
        `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`,
        `${addressOf(origin, service)}/`,
      ]),
    ),
  );
}
