import { CPUS, IMAGE_HOSTS, LIMITS, MEMORY } from '@gangway/cloud-run';
import { bytes, cpus } from '../quantity.ts';
import type { Container, Probe, Volume } from '../types.ts';
import { type Subject, violation } from './violation.ts';

/** Where containers lie in a request, and what depends on it. */
interface Place {
  /** e.g. `template.containers` */
  readonly at: string;
  readonly of: Subject;
  /** Requests at once; none for a job. */
  readonly concurrency?: number;
  readonly environment?: string | undefined;
}

const RESERVED = new Set(['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION', 'CLOUD_RUN_TIMEOUT_SECONDS']);
/** @throws ApiError INVALID_ARGUMENT with the field that Cloud Run would not take */
export function checkContainers(
  containers: readonly Container[],
  { volumes = [] }: { volumes?: readonly Volume[] },
  { at, of, concurrency, environment }: Place,
): void {
  if (containers.length === 0) throw violation(at, 'must have at least one container', of);
  if (containers.length > LIMITS.containers.most)
    throw violation(at, `must have at most ${LIMITS.containers.most} containers`, of);
  const exposed = containers.filter(({ ports = [] }) => ports.length > 0);
  if (of === 'service' && exposed.length !== 1)
    throw violation(at, 'Revision template should contain exactly one container with an exposed port.', of);
  const names = containers.map(({ name }) => name ?? '');
  for (const [index, container] of containers.entries()) {
    const here = `${at}[${index}]`;
    if (containers.length > 1 && !names[index]) throw violation(`${here}.name`, 'must be set', of);
    if (names[index] && names.indexOf(names[index] ?? '') !== index)
      throw violation(`${here}.name`, `Container name ${names[index]} must be unique.`, of);
    const unknown = (container.dependsOn ?? []).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw violation(`${here}.depends_on`, `Container ${unknown} does not exist.`, of);
    checkContainer(container, volumes, here, of);
    // Where several share an instance the limits are of its whole.
    if (containers.length === 1)
      checkLimits(container.resources, `${here}.resources.limits`, {
        at,
        of,
        concurrency: concurrency ?? 1,
        environment,
      });
  }
}

function checkContainer(container: Container, volumes: readonly Volume[], at: string, of: Subject): void {
  if (!container.image) {
    throw violation(
      `${at}.image`,
      'expected a container image path in the form [hostname/]repo-path[:tag and/or @digest]',
      of,
    );
  }
  const [host = '', ...path] = container.image.split('/');
  if (path.length > 0 && /[.:]|^localhost$/.test(host) && !IMAGE_HOSTS.test(host))
    throw violation(
      `${at}.image`,
      `Expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained ${container.image}. To deploy container images from other public or private registries, set up an Artifact Registry remote repository. See https://cloud.google.com/artifact-registry/docs/repositories/remote-repo.`,
      of,
    );
  const [port] = container.ports ?? [];
  if (port && (port.containerPort < 1 || port.containerPort > 65535))
    throw violation(`${at}.ports[0].container_port`, 'must be between 1 and 65535 inclusive', of);
  if (port?.name && port.name !== 'http1' && port.name !== 'h2c')
    throw violation(`${at}.ports[0].name`, "should be empty, 'h2c', or 'http1'", of);
  const reserved = (container.env ?? []).map(({ name }) => name).filter((name) => RESERVED.has(name));
  if (reserved.length > 0) {
    throw violation(
      `${at}.env`,
      `The following reserved env names were provided: ${reserved.join(', ')}. These values are automatically set by the system.`,
      of,
    );
  }
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    if (!volumes.some((volume) => volume.name === name))
      throw violation(`${at}.volume_mounts`, `Volume mount ${name} does not match any volume.`, of);
    if (!mountPath?.startsWith('/') || mountPath === '/' || mountPath.includes(':'))
      throw violation(
        `${at}.volume_mounts`,
        `Mount path ${mountPath} must be absolute and not the root.`,
        of,
      );
  }
  checkProbe(container.startupProbe, `${at}.startup_probe`, LIMITS.startupProbe, of);
  checkProbe(container.livenessProbe, `${at}.liveness_probe`, LIMITS.livenessProbe, of);
  checkProbe(container.readinessProbe, `${at}.readiness_probe`, LIMITS.readinessProbe, of);
}

interface ProbeLimits {
  readonly by: readonly string[];
  readonly most: number;
  readonly all: number | undefined;
}

/** The bounds of a probe (https://cloud.google.com/run/docs/reference/rest/v2/Container#probe). */
function checkProbe(probe: Probe | undefined, at: string, { by, most, all }: ProbeLimits, of: Subject): void {
  if (!probe) return;
  const { httpGet, tcpSocket, grpc } = probe;
  const { initialDelaySeconds: delay = 0, timeoutSeconds: timeout = 1, periodSeconds: period = 10 } = probe;
  if ([httpGet, tcpSocket, grpc].filter((action) => action !== undefined).length > 1)
    throw violation(at, 'exactly one of http_get, tcp_socket, or grpc must be specified', of);
  if (tcpSocket && !by.includes('tcpSocket'))
    throw violation(
      `${at}.tcp_socket`,
      'tcp_socket is not supported for this probe, use http_get or grpc',
      of,
    );
  if (delay < 0 || delay > most)
    throw violation(`${at}.initial_delay_seconds`, `must be between 0 and ${most} inclusive`, of);
  if (period < 1 || period > most)
    throw violation(`${at}.period_seconds`, `must be between 1 and ${most} inclusive`, of);
  if (timeout < 1 || timeout > period)
    throw violation(`${at}.timeout_seconds`, 'must be between 1 and period_seconds inclusive', of);
  if (all !== undefined && (probe.failureThreshold ?? 3) * period > all)
    throw violation(at, `failure_threshold * period_seconds must not exceed ${all} seconds`, of);
  if (httpGet?.path && !httpGet.path.startsWith('/'))
    throw violation(`${at}.http_get.path`, "must start with '/'", of);
}

function checkLimits(
  { limits, cpuIdle }: Container['resources'],
  at: string,
  { of, concurrency = 1, environment }: Place,
): void {
  const cpu = cpus(limits.cpu ?? '');
  const isWhole = cpu !== undefined && (CPUS.whole as readonly number[]).includes(cpu);
  if (cpu === undefined || (!isWhole && !(cpu >= CPUS.leastFraction && cpu < 1))) {
    throw violation(
      `${at}.cpu`,
      `Invalid value specified for cpu. Must be equal to one of [.08-1], 1.0, 2.0, 4.0, 6.0, 8.0. Found: ${limits.cpu}`,
      of,
    );
  }
  const isGen2 = of === 'job' || environment === 'EXECUTION_ENVIRONMENT_GEN2';
  if (cpu < LIMITS.fractionalCpu.below) {
    if (concurrency > 1)
      throw violation(`${at}.cpu`, 'Total cpu < 1 is not supported with concurrency > 1.', of);
    if (isGen2)
      throw violation(`${at}.cpu`, 'Total cpu < 1 is not supported with gen2 execution environment.', of);
    if (cpuIdle === false)
      throw violation(`${at}.cpu`, 'Total cpu < 1 is not supported with cpu-throttling disabled.', of);
  }
  const memory = bytes(limits.memory ?? '');
  const range = MEMORY.find((candidate) => cpu <= candidate.cpu);
  const generation = isGen2 ? LIMITS.memoryOfGen2 : LIMITS.memoryOfGen1;
  const least = Math.max(bytes(range?.least ?? '') ?? 0, bytes(generation.least) ?? 0);
  if (memory === undefined || !range || memory < least || memory > (bytes(range.most) ?? 0)) {
    throw violation(
      `${at}.memory`,
      `Invalid value specified for container memory. For ${cpu} CPU${isGen2 ? ' in gen2' : ''}, memory must be between ${least / 2 ** 20}Mi and ${range?.most} inclusive.`,
      of,
    );
  }
  checkGpu(limits, cpu, memory, at, of);
}

function checkGpu(
  limits: Readonly<Record<string, string>>,
  cpu: number,
  memory: number,
  at: string,
  of: Subject,
): void {
  const gpu = limits['nvidia.com/gpu'];
  if (gpu === undefined) return;
  if (gpu !== '1') throw violation(`${at}.nvidia.com/gpu`, `must be 1, found ${gpu}`, of);
  if (cpu < LIMITS.gpu.cpu || memory < (bytes(LIMITS.gpu.memory) ?? 0))
    throw violation(
      `${at}.nvidia.com/gpu`,
      `1 GPU requires at least ${LIMITS.gpu.cpu} CPU and ${LIMITS.gpu.memory} memory.`,
      of,
    );
}
