import { timestamp } from '../../clock.ts';
import type { Cloud } from '../../cloud.ts';
import type { ContainerSpec } from '../../cloud-run/container.ts';
import { NotReady } from '../../cloud-run/container.ts';
import { EngineError, EngineUnavailable } from '../../cloud-run/engine.ts';
import { ApiError } from '../../errors.ts';
import { serviceAccount } from '../../identity/principal.ts';
import { resolveDigest } from '../../registry/reference.ts';
import { bytes, cpus, seconds } from './quantity.ts';
import { condition, etag, type StoredService } from './state.ts';
import type { EnvVar, Probe, Revision, TrafficTarget } from './types.ts';

/**
 * Makes the data plane what the service's resource asks for: its latest revision runs, its URL leads to the
 * revisions that have traffic, the others are stopped. When the latest does not get ready, what served before
 * goes on serving.
 * @throws ApiError in the words of Cloud Run
 */
export async function deploy(stored: StoredService, cloud: Cloud): Promise<void> {
  const { resource } = stored;
  try {
    const latest = revisionOf(stored, resource.latestCreatedRevision);
    await settle(latest, cloud);
    resource.latestReadyRevision = latest.name;
    const shares = allocate(stored);
    for (const { revision } of shares) await cloud.containers.run(await specOf(revision, cloud));
    cloud.containers.route(
      resource.name,
      shares.map(({ revision, percent }) => ({
        revision: revision.name,
        percent,
        timeout: (seconds(revision.timeout) ?? 300) * 1000,
      })),
      [...stored.revisions.keys()],
    );
    resource.trafficStatuses = resource.traffic;
    report(stored, cloud);
  } catch (error) {
    const known = explain(error);
    report(stored, cloud, known);
    throw known;
  }
}

/** Brings a revision up and records whether it came. */
async function settle(revision: Revision, cloud: Cloud): Promise<void> {
  try {
    await cloud.containers.run(await specOf(revision, cloud));
    mark(revision, cloud);
  } catch (error) {
    const known = explain(error, revision);
    mark(revision, cloud, known);
    throw known;
  }
}

function mark(revision: Revision, cloud: Cloud, failure?: ApiError): void {
  const now = cloud.clock.now();
  const state = failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
  revision.conditions = ['Ready', 'ContainerHealthy', 'ResourcesAvailable'].map((type) =>
    condition(type, state, now, failure && { message: failure.message }),
  );
  revision.reconciling = false;
  revision.updateTime = timestamp(now);
}

function report({ resource }: StoredService, cloud: Cloud, failure?: ApiError): void {
  const now = cloud.clock.now();
  const failed = failure && { message: failure.message, reason: 'REVISION_FAILED' };
  const state = failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
  const routed = failure && !resource.trafficStatuses ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
  resource.terminalCondition = condition('Ready', state, now, failed);
  resource.conditions = [
    condition('RoutesReady', routed, now, routed === 'CONDITION_FAILED' ? failed : {}),
    condition('ConfigurationsReady', state, now, failed),
  ];
  resource.observedGeneration = resource.generation;
  resource.reconciling = false;
  resource.etag = etag();
}

/** Which revisions get requests, and how many of a hundred. */
function allocate(stored: StoredService): { revision: Revision; percent: number }[] {
  const { traffic, latestReadyRevision = '' } = stored.resource;
  return traffic
    .filter(({ percent = 0 }) => percent > 0)
    .map((target) => ({
      revision: revisionOf(stored, nameOf(target, stored.resource.name) ?? latestReadyRevision),
      percent: target.percent ?? 0,
    }));
}

function nameOf({ type, revision }: TrafficTarget, service: string): string | undefined {
  return type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION' ? `${service}/revisions/${revision}` : undefined;
}

function revisionOf({ revisions }: StoredService, name: string): Revision {
  const revision = revisions.get(name);
  if (!revision) throw new ApiError('FAILED_PRECONDITION', `Revision '${name.split('/').at(-1)}' not found.`);
  return revision;
}

async function specOf(revision: Revision, cloud: Cloud): Promise<ContainerSpec> {
  const [container] = revision.containers;
  if (!container) throw new ApiError('INTERNAL', `Revision '${revision.name}' has no container.`);
  const { image, command, args, workingDir, resources, ports, startupProbe } = container;
  const digest = resolveDigest(cloud, image);
  if (!digest) throw new ApiError('NOT_FOUND', `Image '${image}' not found.`);
  // From now on a moved tag changes nothing for this revision.
  const name = image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  container.image = `${name}@${digest}`;
  const id = revision.name.split('/').at(-1) ?? '';
  const port = ports[0]?.containerPort ?? 8080;
  return {
    revision: revision.name,
    image: { name: `${new URL(cloud.origin).host}/${name}`, digest },
    credentials: { username: 'oauth2accesstoken', password: agentToken(cloud) },
    env: {
      ...environment(container.env ?? [], cloud),
      PORT: String(port),
      K_SERVICE: revision.service,
      K_REVISION: id,
      K_CONFIGURATION: revision.service,
    },
    ...(command && command.length > 0 && { command }),
    ...(args && args.length > 0 && { args }),
    ...(workingDir && { workingDir }),
    port,
    memory: bytes(resources.limits.memory ?? '') ?? 512 * 2 ** 20,
    cpu: cpus(resources.limits.cpu ?? '') ?? 1,
    startup: startupOf(startupProbe),
  };
}

function environment(env: readonly EnvVar[], cloud: Cloud): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value = '', valueSource }, index) => {
      const reference = valueSource?.secretKeyRef;
      if (!reference) return [name, value];
      const secret = reference.secret.includes('/')
        ? reference.secret
        : `projects/${cloud.project.number}/secrets/${reference.secret}`;
      throw new ApiError(
        'NOT_FOUND',
        `spec.template.spec.containers[0].env[${index}].value_from.secret_key_ref.name: Secret ${secret}/versions/${reference.version ?? 'latest'} was not found`,
      );
    }),
  );
}

/** The service agent of Cloud Run is who pulls images. */
function agentToken(cloud: Cloud): string {
  return cloud.tokens.issue(serviceAccount(runAgent(cloud)), 3600).token;
}

/** E-mail of Cloud Run's service agent (https://cloud.google.com/iam/docs/service-agents). */
export function runAgent(cloud: Cloud): string {
  return `service-${cloud.project.number}@serverless-robot-prod.iam.gserviceaccount.com`;
}

function startupOf({
  initialDelaySeconds = 0,
  periodSeconds = 10,
  failureThreshold = 3,
  httpGet,
}: Probe): ContainerSpec['startup'] {
  return {
    seconds: initialDelaySeconds + periodSeconds * failureThreshold,
    ...(httpGet?.path && { path: httpGet.path }),
  };
}

/** Says in Cloud Run's words what the data plane said. */
function explain(error: unknown, revision?: Revision): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof EngineUnavailable) return new ApiError('UNAVAILABLE', error.message);
  const id = revision?.name.split('/').at(-1);
  const notReady = `Revision '${id}' is not ready and cannot serve traffic.`;
  if (error instanceof NotReady) {
    const port = revision?.containers[0]?.ports[0]?.containerPort;
    return new ApiError(
      'FAILED_PRECONDITION',
      `${notReady} The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended. Logs for this revision might contain more information.\n${error.message}${error.logs && ` Its last lines:\n${error.logs}`}`,
    );
  }
  if (error instanceof EngineError)
    return new ApiError('FAILED_PRECONDITION', `${notReady} ${error.message}`);
  return new ApiError('INTERNAL', `${notReady} ${error instanceof Error ? error.message : error}`);
}
