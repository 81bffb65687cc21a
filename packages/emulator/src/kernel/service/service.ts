import type { Route } from '../http/route.ts';
import type { Declaration } from './declaration.ts';
import type { Platform } from './platform.ts';

/**
 * A service: all there is to know of it. `N` are the contracts by which it needs others; what its handlers work with is the platform, its
 * own state and those.
 *
 * @typeParam K the contracts between services, by name
 * @typeParam S what it keeps, by the names under which a program that runs the cloud finds it
 */
export interface Service<K, S extends object, N extends keyof K> extends Declaration {
  /** Makes what it keeps. */
  state?(context: Platform & Pick<K, NoInfer<N>>): S | Promise<S>;
  /** The contracts by which it needs other services. They are there from the first request on, not before. */
  readonly needs?: readonly N[];
  /** The contracts that it keeps; of one that is a list, what it adds to it. */
  provides?(context: Context<K, NoInfer<S>, NoInfer<N>>): Partial<K>;
  readonly routes: readonly Route<Context<K, NoInfer<S>, NoInfer<N>>>[];
  /** Fills a new project. @param bare leaves it as the provider makes it */
  seed?(context: Context<K, NoInfer<S>, NoInfer<N>>, bare: boolean): void;
  /** What of it outlives the process, where the cloud keeps its data: what `encode` of `kernel/data` can write. */
  save?(context: Context<K, NoInfer<S>, NoInfer<N>>): unknown;
  /** Puts back what was saved, in place of `seed`. @param saved what `save` gave */
  // biome-ignore lint/suspicious/noExplicitAny: only the service itself knows what it saved
  restore?(context: Context<K, NoInfer<S>, NoInfer<N>>, saved: any): void;
  /**
   * Starts again what ran, once every service has its state back and the cloud answers.
   * @param notice told what does not come up again
   */
  resume?(context: Context<K, NoInfer<S>, NoInfer<N>>, notice: (line: string) => void): void | Promise<void>;
  /** Variables that point clients at it. */
  env?(context: Context<K, NoInfer<S>, NoInfer<N>>): Readonly<Record<string, string>>;
  /** Ends every token of its own that was given out: a fault on request. */
  expireTokens?(context: Context<K, NoInfer<S>, NoInfer<N>>): void;
  /** Takes up what it has only while it runs, before it is saved for the last time. */
  settle?(context: Context<K, NoInfer<S>, NoInfer<N>>): void | Promise<void>;
  /** Stops what it runs: containers, listeners of its own. Other services still answer. */
  stop?(context: Context<K, NoInfer<S>, NoInfer<N>>): void | Promise<void>;
  /** What is left of what it ran, such as `container ID`, where stopping it fails. */
  remains?(context: Context<K, NoInfer<S>, NoInfer<N>>): readonly string[];
  /** Removes what it kept outside this process, once no request comes any more. */
  close?(context: Context<K, NoInfer<S>, NoInfer<N>>): void | Promise<void>;
}

/** What the handlers of a service work with. */
export type Context<K, S, N extends keyof K> = Platform & S & Pick<K, N>;

/** A service whatever it keeps and needs. */
// biome-ignore lint/suspicious/noExplicitAny: only a service itself knows its context
export type AnyService<K> = Service<K, any, any>;
