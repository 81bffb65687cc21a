import { ApiError } from '../../../../kernel/errors.ts';
import { serviceAccount } from '../../../../kernel/principal.ts';
import type { ContainerSpec, InstanceSpec, ProbeSpec } from '../../containers/instance-spec.ts';
import type { Context } from '../../context.ts';
import { bytes, cpus } from '../quantity.ts';
import type { Container, Probe, Volume } from '../types.ts';
import { environmentOf, type Reader, secretFiles } from './secrets.ts';

/** What there is to run, of a revision or of a task. */
export interface Workload {
  /** Full resource name of the revision, or of the execution. */
  readonly owner: string;
  readonly reader: Reader;
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
  /** What Cloud Run tells every container. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Resolves images and secrets to what the engine is to run.
 * @throws ApiError in the words of Cloud Run when one is not there, or may not be read
 */
export function instanceOf(workload: Workload, cloud: Context): InstanceSpec {
  const { owner, containers, volumes = [] } = workload;
  const needed = new Set(containers.flatMap(({ dependsOn = [] }) => dependsOn));
  const specs = containers.map((container, index) => containerOf(container, index, workload, cloud, needed));
  return {
    owner,
    credentials: { username: 'oauth2accesstoken', password: agentToken(cloud) },
    containers: inOrder(containers).map((container) => specs[containers.indexOf(container)] as ContainerSpec),
    volumes: volumes
      .filter(({ emptyDir }) => emptyDir)
      .map(({ name, emptyDir }) => ({ name, bytes: bytes(emptyDir?.sizeLimit ?? '') })),
  };
}

function containerOf(
  container: Container,
  index: number,
  { reader, volumes = [], env }: Workload,
  cloud: Context,
  needed: ReadonlySet<string>,
): ContainerSpec {
  const { name = '', image, command = [], args = [], workingDir, resources, ports } = container;
  const digest = cloud.repositories.find(image)?.manifest.digest;
  if (!digest) throw new ApiError('NOT_FOUND', `Image '${image}' not found.`);
  // From now on a moved tag changes nothing for this revision.
  const repository = image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  container.image = `${repository}@${digest}`;
  const port = ports?.[0]?.containerPort;
  const startup = container.startupProbe && probeOf(container.startupProbe);
  const liveness = container.livenessProbe && probeOf(container.livenessProbe);
  const shared = new Set(volumes.filter(({ emptyDir }) => emptyDir).map((volume) => volume.name));
  return {
    name,
    image: { name: `${new URL(cloud.origin).host}/${repository}`, digest },
    env: {
      ...environmentOf(container, index, reader, cloud),
      ...(port !== undefined && { PORT: String(port) }),
      ...env,
    },
    ...(command.length > 0 && { command }),
    ...(args.length > 0 && { args }),
    ...(workingDir && { workingDir }),
    memory: bytes(resources.limits.memory ?? '') ?? 512 * 2 ** 20,
    cpu: cpus(resources.limits.cpu ?? '') ?? 1,
    files: secretFiles(container, volumes, reader, cloud),
    mounts: (container.volumeMounts ?? [])
      .filter((mount) => shared.has(mount.name))
      .map((mount) => ({ volume: mount.name, path: mount.mountPath })),
    ...(port !== undefined && { port }),
    ...(startup && { startup }),
    ...(liveness && { liveness }),
    awaited: needed.has(name),
  };
}

function probeOf(probe: Probe): ProbeSpec {
  const { httpGet, tcpSocket, grpc } = probe;
  const headers = (httpGet?.httpHeaders ?? []).map(({ name, value = '' }) => [name, value] as const);
  return {
    port: httpGet?.port ?? grpc?.port ?? tcpSocket?.port ?? 8080,
    ...(httpGet && { http: { path: httpGet.path ?? '/', headers: Object.fromEntries(headers) } }),
    ...(grpc && { grpc: { service: grpc.service ?? '' } }),
    delaySeconds: probe.initialDelaySeconds ?? 0,
    periodSeconds: probe.periodSeconds ?? 10,
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    failures: probe.failureThreshold ?? 3,
  };
}

/** Each container after those it depends on. @throws ApiError when they depend on each other */
function inOrder(containers: readonly Container[]): Container[] {
  const order: Container[] = [];
  const visit = (container: Container, above: readonly Container[]) => {
    if (order.includes(container)) return;
    if (above.includes(container))
      throw new ApiError('INVALID_ARGUMENT', `Container ${container.name} depends on itself.`);
    for (const name of container.dependsOn ?? []) {
      const needed = containers.find((candidate) => candidate.name === name);
      if (needed) visit(needed, [...above, container]);
    }
    order.push(container);
  };
  for (const container of containers) visit(container, []);
  return order;
}

/** The service agent of Cloud Run is who pulls images. */
function agentToken(cloud: Context): string {
  return cloud.tokens.issue(serviceAccount(runAgent(cloud)), 3600).token;
}

/** E-mail of Cloud Run's service agent (https://cloud.google.com/iam/docs/service-agents). */
export function runAgent(cloud: Pick<Context, 'project'>): string {
  return `service-${cloud.project.number}@serverless-robot-prod.iam.gserviceaccount.com`;
}
