import type { Authorizer } from '../access.ts';
import type { Call, Reply } from '../http/call.ts';
import type { Route } from '../http/route.ts';
import { Operations } from '../operations/operations.ts';
import type { Declaration } from './declaration.ts';
import type { Platform } from './platform.ts';
import type { AnyService } from './service.ts';

/** A service that runs: its routes are bound to what it works with. */
export interface Mounted {
  readonly declaration: Declaration;
  readonly routes: readonly BoundRoute[];
  readonly operations: Operations;
  /** What it keeps, by the names under which a program that runs the cloud finds it. */
  readonly state: object;
  seed(bare: boolean): void;
  /** What of it and of its operations outlives the process. */
  save(): { readonly state?: unknown; readonly operations: unknown };
  restore(saved: { readonly state?: unknown; readonly operations: unknown } | undefined): void;
  resume(notice: (line: string) => void): Promise<void>;
  env(): Readonly<Record<string, string>>;
  expireTokens(): void;
  settle(): Promise<void>;
  stop(): Promise<void>;
  /** What is left of what it ran. */
  remains(): readonly string[];
  close(): Promise<void>;
}

export interface BoundRoute extends Omit<Route<unknown>, 'handler' | 'guard'> {
  handler(call: Call): Reply | Promise<Reply>;
  readonly guard: 'signed-in' | 'open' | ((call: Call) => Reply | undefined);
}

/** What the services of a cloud share, but for the operations, of which each has its own. */
export type Shared = Omit<Platform, 'operations' | 'authorizer'>;

/**
 * Makes the services of a cloud and connects them by their contracts. A contract whose value is a list holds what every service adds to it.
 *
 * @param duration milliseconds that every operation takes
 * @returns the services, and every contract as it is kept
 * @throws Error when a service needs a contract that none keeps, or two keep the same
 */
export async function mount<K extends { readonly authorizer: Authorizer }>(
  services: readonly AnyService<K>[],
  shared: Shared,
  duration: number,
): Promise<{ readonly mounted: readonly Mounted[]; readonly contracts: K }> {
  const contracts = new Map<PropertyKey, unknown>();
  const mounted: Mounted[] = [];
  try {
    for (const service of services) mounted.push(await make(service, shared, contracts, duration));
    const kept = mounted.flatMap(({ state }) => Object.keys(state));
    const twice = kept.find((key, index) => kept.indexOf(key) !== index);
    if (twice !== undefined)
      throw new Error(`Two services keep "${twice}": what a cloud keeps is found by its name.`);
    for (const { name, needs = [] } of services)
      for (const need of needs)
        if (!contracts.has(need)) throw new Error(`${name} needs "${need}", which no service provides.`);
  } catch (error) {
    for (const service of mounted) await service.close();
    throw error;
  }
  return { mounted, contracts: Object.fromEntries(contracts) as K };
}

async function make<K>(
  service: AnyService<K>,
  shared: Shared,
  contracts: Map<PropertyKey, unknown>,
  duration: number,
): Promise<Mounted> {
  const operations = new Operations(shared.clock, duration);
  const context = connected({ ...shared, operations }, service, contracts);
  const state: object = (await service.state?.(context)) ?? {};
  const taken = Object.keys(state).find((key) => key in context);
  if (taken !== undefined)
    throw new Error(`${service.name} keeps "${taken}", which is the name of something that it is given.`);
  Object.assign(context, state);
  keep(contracts, service.provides?.(context) ?? {}, service);
  return {
    declaration: service,
    routes: service.routes.map((route) => bind(route, context)),
    operations,
    state,
    seed: (bare) => service.seed?.(context, bare),
    save: () => ({ state: service.save?.(context), operations: operations.save() }),
    restore(saved) {
      if (saved?.state !== undefined) service.restore?.(context, saved.state);
      if (saved) operations.restore(saved.operations);
    },
    resume: async (notice) => service.resume?.(context, notice),
    env: () => service.env?.(context) ?? {},
    expireTokens: () => service.expireTokens?.(context),
    settle: async () => service.settle?.(context),
    stop: async () => service.stop?.(context),
    remains: () => service.remains?.(context) ?? [],
    close: async () => service.close?.(context),
  };
}

/** What a service works with; others are found when they are asked for, so that the order of the list does not matter. */
function connected(
  tools: object,
  { name, needs = [] }: Pick<AnyService<object>, 'name' | 'needs'>,
  contracts: ReadonlyMap<PropertyKey, unknown>,
  // biome-ignore lint/suspicious/noExplicitAny: only the service itself knows its context
): any {
  const context = { ...tools };
  for (const need of ['authorizer', ...needs])
    Object.defineProperty(context, need, {
      enumerable: true,
      get: () => {
        if (!contracts.has(need)) throw new Error(`${name} asks for "${need}" before there is one.`);
        return contracts.get(need);
      },
    });
  return context;
}

function keep(contracts: Map<PropertyKey, unknown>, provided: object, { name }: Declaration): void {
  for (const [contract, value] of Object.entries(provided)) {
    const there = contracts.get(contract);
    if (Array.isArray(value)) contracts.set(contract, [...((there as unknown[]) ?? []), ...value]);
    else if (there === undefined) contracts.set(contract, value);
    else throw new Error(`${name} provides "${contract}", which another service does already.`);
  }
}

function bind<C>(route: Route<C>, context: C): BoundRoute {
  const { handler, guard } = route;
  return {
    ...route,
    handler: (call) => handler(call, context),
    guard: typeof guard === 'string' ? guard : (call) => guard(call, context),
  };
}
