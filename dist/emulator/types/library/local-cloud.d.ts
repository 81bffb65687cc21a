import type { CloudOptions } from '../cloud-options.js';
import type { Faults } from '../kernel/faults.js';
import type { AnsweredRequest } from '../kernel/http/answered-request.js';
import type { Resources } from './deployed.js';
import type { Planted, Seed } from './seed.js';
import type { WrittenLine } from './written-line.js';
/** How a program starts a local cloud. */
export interface LocalCloudOptions extends Omit<CloudOptions, 'clock'> {
    /** What it starts with beside its defaults; default: nothing. */
    readonly seed?: Seed;
}
/** A local cloud that runs inside this process. */
export interface LocalCloud {
    /** Where it answers, such as `http://127.0.0.1:43817`. */
    readonly origin: string;
    readonly project: {
        readonly id: string;
        readonly number: string;
    };
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
export declare function startCloud(options?: LocalCloudOptions): Promise<LocalCloud>;
