import type { Clock } from './kernel/clock.js';
import type { PortRange } from './kernel/forward/port-range.js';
import type { AnsweredRequest } from './kernel/http/answered-request.js';
import type { Job } from './kernel/service/job.js';
/** How a local cloud is started. */
export interface CloudOptions {
    /** Port on 127.0.0.1; default 0, a free one, or with `data` the one from before. */
    readonly port?: number;
    /**
     * Where it runs in a container: ports that the container publishes on the loopback of its host by the same numbers, as it does `port`.
     * What is deployed answers there, and the containers that it starts are reached by their own addresses.
     */
    readonly publishedPorts?: PortRange;
    /**
     * Further host names that requests may be for, `*.example.com` for all below one; default: loopback's, and those of the services that
     * it stands in for.
     */
    readonly hosts?: readonly string[];
    /** Id of the one project there is; default `demo-project`. */
    readonly project?: string;
    /** Number of that project; default `123456789012`. */
    readonly projectNumber?: string;
    /** Milliseconds every long-running operation takes; default 0. */
    readonly operationTime?: number;
    /** Start with a project as Google makes it: no service accounts, no pool, hardly an API that is on. Default false. */
    readonly bare?: boolean;
    /** Folder in which everything is kept, and found again by the next cloud that is given it. Default: nothing is kept. */
    readonly data?: string;
    /** Told what could not be had again from that folder, a line each; default `console.error`. */
    readonly onNotice?: (line: string) => void;
    readonly clock?: Clock;
    /** Where Docker's API answers, e.g. `unix:///var/run/docker.sock`; default: DOCKER_HOST, then Docker's own default. */
    readonly dockerHost?: string;
    /** Whether Fly.io's machines are only said to run, even where there is a Docker engine; default false. */
    readonly simulateMachines?: boolean;
    /**
     * Whether it is an HTTPS proxy, too, that answers for the real names of the services with certificates of its own; `env()` then leaves
     * clients at those names. Default false.
     */
    readonly realHosts?: boolean;
    /** Told of each request once it is answered, also those of what was deployed, and of the milliseconds that it took. */
    readonly onRequest?: (request: AnsweredRequest, took: number) => void;
    /** The job of GitHub Actions whose OIDC variables are exported; default a push to `main` of `example/fastapi-on-cloud-run`. */
    readonly job?: Job;
}
