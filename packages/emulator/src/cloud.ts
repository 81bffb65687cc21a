import { type Clock, systemClock } from './clock.ts';
import { ContainerPlane } from './cloud-run/plane.ts';
import { Faults } from './faults.ts';
import { FlyPlane } from './fly/plane.ts';
import { FlyState } from './fly/state.ts';
import { GatewayPlane } from './gateway/plane.ts';
import { Iam } from './identity/iam.ts';
import { SigningKeys } from './identity/keys.ts';
import { standingOf } from './identity/standing.ts';
import { AccessTokens } from './identity/tokens.ts';
import { Operations } from './operations.ts';
import { BlobStore } from './registry/blobs.ts';
import { routes } from './routes.ts';
import { seed } from './seed.ts';
import { serve } from './server.ts';
import { ApiGatewayState } from './services/api-gateway/state.ts';
import { ApiKeysState } from './services/api-keys.ts';
import { ArtifactRegistryState } from './services/artifact-registry.ts';
import { IamAdminState } from './services/iam-admin.ts';
import { RunState } from './services/run.ts';
import { RunJobsState } from './services/run-jobs.ts';
import { SecretManagerState } from './services/secret-manager.ts';
import { ServiceUsageState } from './services/service-usage.ts';

export interface CloudOptions {
  /** Port on 127.0.0.1; default 0, a free one. */
  readonly port?: number;
  /**
   * Further host names that requests may be for, `*.example.com` for all below one; default: loopback's, and those of the services that
   * it stands in for.
   */
  readonly hosts?: readonly string[];
  /** Id of the one project there is; default `demo-project`. */
  readonly project?: string;
  /** Milliseconds every long-running operation takes; default 0. */
  readonly operationTime?: number;
  /** Start with a project as Google makes it: no service accounts, no pool, hardly an API that is on. Default false. */
  readonly bare?: boolean;
  readonly clock?: Clock;
  /** Where Docker's API answers, e.g. `unix:///var/run/docker.sock`; default: DOCKER_HOST, then Docker's own default. */
  readonly dockerHost?: string;
  /** Whether Fly.io's machines are only said to run, even where there is a Docker engine; default false. */
  readonly simulateMachines?: boolean;
}

/** The whole state of one local cloud: what handlers are given. */
export interface Cloud {
  /** e.g. `http://127.0.0.1:8080`, where every Google API, GitHub's OIDC and the registry answer. */
  readonly origin: string;
  readonly project: { readonly id: string; readonly number: string };
  readonly clock: Clock;
  readonly faults: Faults;
  readonly operations: Operations;
  readonly iam: Iam;
  readonly tokens: AccessTokens;
  /** RSA keys that sign GitHub's and Google's ID tokens. */
  readonly keys: SigningKeys;
  readonly iamAdmin: IamAdminState;
  readonly serviceUsage: ServiceUsageState;
  readonly apiGateway: ApiGatewayState;
  readonly apiKeys: ApiKeysState;
  readonly artifactRegistry: ArtifactRegistryState;
  readonly blobs: BlobStore;
  readonly run: RunState;
  readonly runJobs: RunJobsState;
  readonly secretManager: SecretManagerState;
  /** Data planes: gateways that listen, containers that run. */
  readonly gateways: GatewayPlane;
  readonly containers: ContainerPlane;
  readonly fly: FlyState;
  readonly flyPlane: FlyPlane;
  /** Every request answered on the main port, oldest first. */
  readonly requests: { method: string; path: string; status: number; agent: string }[];
}

export interface RunningCloud extends Cloud {
  /** Stops the listeners, the gateways and every container that was started. */
  close(): Promise<void>;
}

/** Starts a local cloud on loopback with one project, its defaults seeded. */
export async function startCloud(options: CloudOptions = {}): Promise<RunningCloud> {
  const clock = options.clock ?? systemClock();
  let cloud!: Cloud;
  const server = await serve(routes, () => cloud, options.port ?? 0, options.hosts);
  const id = options.project ?? 'demo-project';
  const iamAdmin = new IamAdminState();
  cloud = {
    origin: `http://127.0.0.1:${server.port}`,
    project: { id, number: '123456789012' },
    clock,
    faults: new Faults(),
    operations: new Operations(clock, options.operationTime ?? 0),
    iam: new Iam(),
    tokens: new AccessTokens(clock, standingOf(iamAdmin)),
    keys: await SigningKeys.generate(),
    iamAdmin,
    serviceUsage: new ServiceUsageState(),
    apiGateway: new ApiGatewayState(),
    apiKeys: new ApiKeysState(),
    artifactRegistry: new ArtifactRegistryState(),
    blobs: await BlobStore.create(),
    run: new RunState(),
    runJobs: new RunJobsState(),
    secretManager: new SecretManagerState(),
    gateways: new GatewayPlane(),
    containers: new ContainerPlane(options.dockerHost),
    fly: new FlyState(clock),
    flyPlane: new FlyPlane(options.dockerHost, options.simulateMachines ?? false),
    requests: [],
  };
  seed(cloud, options.bare ?? false);
  return Object.assign(cloud, {
    async close() {
      await cloud.gateways.close();
      await cloud.containers.close();
      await cloud.flyPlane.close();
      await server.close();
      await cloud.blobs.close();
    },
  });
}
