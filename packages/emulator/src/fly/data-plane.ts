import type { App } from './apps/app.ts';
import type { Machine } from './machines/machine.ts';
import type { Run } from './machines/run.ts';

/** What runs the machines and answers in front of them, as handlers use it. */
export interface DataPlane {
  /**
   * Starts a machine's current version.
   * @throws Error that says why it can't be started
   */
  start(machine: Machine): Promise<Run>;
  /**
   * A private address for a machine that builds.
   * @throws FlyError where nothing can be built
   */
  builderAddress(): Promise<string>;
  /**
   * Pulls an image of a public registry.
   * @param reference with its registry
   * @throws Error that says why it can't be pulled
   */
  pullPublic(reference: string): Promise<{ readonly digest: string; readonly size: number }>;
  /**
   * Opens the listener of an app that has a service and notes its URL; an open one keeps it.
   * @param wake starts a machine that a request needs
   */
  openFront(app: App, wake: (machine: Machine) => void): Promise<void>;
  closeFront(app: App): Promise<void>;
  /** What is left of what it made, as docker's commands name it: `container ID`. */
  readonly remains: readonly string[];
  /** Closes every listener and removes everything that was started. */
  close(): Promise<void>;
}
