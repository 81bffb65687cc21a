import { bytes, cpus } from '../quantity.ts';
import type { Container, Probe, Volume } from '../types.ts';
import { violation } from './violation.ts';

/** Where containers lie in a request, and what depends on it. */
interface Place {
  /** e.g. `template.containers` */
  readonly at: string;
  readonly of: 'service' | 'job';
  /** Requests at once; none for a job. */
  readonly concurrency?: number;
}

const RESERVED = new Set(['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION', 'CLOUD_RUN_TIMEOUT_SECONDS']);
/** GiB of memory that a number of CPUs may have at most and must have at least (https://cloud.google.com/run/docs/configuring/services/memory-limits). */
const MEMORY: readonly { cpu: number; least: string; most: string }[] = [
  { cpu: 0.5, least: '128Mi', most: '512Mi' },
  { cpu: 0.999, least: '128Mi', most: '1Gi' },
  { cpu: 1, least: '128Mi', most: '4Gi' },
  { cpu: 2, least: '128Mi', most: '8Gi' },
  { cpu: 4, least: '2Gi', most: '16Gi' },
  { cpu: 6, least: '4Gi', most: '24Gi' },
  { cpu: 8, least: '4Gi', most: '32Gi' },
];

/** @throws ApiError INVALID_ARGUMENT with the field that Cloud Run would not take */
export function checkContainers(
  containers: readonly Container[],
  { volumes = [] }: { volumes?: readonly Volume[] },
  { at, of, concurrency }: Place,
): void {
  if (containers.length === 0) throw violation(at, 'must have at least one container', of);
  if (containers.length > 10) throw violation(at, 'must have at most 10 containers', of);
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
      checkLimits(container.resources.limits, concurrency ?? 1, `${here}.resources.limits`, of);
  }
}

function checkContainer(
  container: Container,
  volumes: readonly Volume[],
  at: string,
  of: 'service' | 'job',
): void {
  if (!container.image) {
    throw violation(
      `${at}.image`,
      'expected a container image path in the form [hostname/]repo-path[:tag and/or @digest]',
      of,
    );
  }
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
  checkProbe(container.startupProbe, `${at}.startup_probe`, 240, of);
  checkProbe(container.livenessProbe, `${at}.liveness_probe`, 3600, of);
}

/** The bounds of a probe (https://cloud.google.com/run/docs/reference/rest/v2/Container#probe). */
function checkProbe(probe: Probe | undefined, at: string, most: number, of: 'service' | 'job'): void {
  if (!probe) return;
  const { httpGet, tcpSocket, grpc } = probe;
  const { initialDelaySeconds: delay = 0, timeoutSeconds: timeout = 1, periodSeconds: period = 10 } = probe;
  if ([httpGet, tcpSocket, grpc].filter((action) => action !== undefined).length > 1)
    throw violation(at, 'exactly one of http_get, tcp_socket, or grpc must be specified', of);
  if (delay < 0 || delay > most)
    throw violation(`${at}.initial_delay_seconds`, `must be between 0 and ${most} inclusive`, of);
  if (period < 1 || period > most)
    throw violation(`${at}.period_seconds`, `must be between 1 and ${most} inclusive`, of);
  if (timeout < 1 || timeout > period)
    throw violation(`${at}.timeout_seconds`, 'must be between 1 and period_seconds inclusive', of);
  if (httpGet?.path && !httpGet.path.startsWith('/'))
    throw violation(`${at}.http_get.path`, "must start with '/'", of);
}

function checkLimits(
  limits: Readonly<Record<string, string>>,
  concurrency: number,
  at: string,
  of: 'service' | 'job',
): void {
  const cpu = cpus(limits.cpu ?? '');
  if (cpu === undefined || (!(cpu >= 0.08 && cpu <= 1) && ![2, 4, 6, 8].includes(cpu))) {
    throw violation(
      `${at}.cpu`,
      `Invalid value specified for cpu. Must be equal to one of [.08-1], 1.0, 2.0, 4.0, 6.0, 8.0. Found: ${limits.cpu}`,
      of,
    );
  }
  if (cpu < 1 && concurrency > 1)
    throw violation(`${at}.cpu`, 'Total cpu < 1 is not supported with concurrency > 1.', of);
  const memory = bytes(limits.memory ?? '');
  const range = MEMORY.find((candidate) => cpu <= candidate.cpu);
  if (
    memory === undefined ||
    !range ||
    memory < (bytes(range.least) ?? 0) ||
    memory > (bytes(range.most) ?? 0)
  ) {
    throw violation(
      `${at}.memory`,
      `Invalid value specified for container memory. For ${cpu} CPU, memory must be between ${range?.least} and ${range?.most} inclusive.`,
      of,
    );
  }
}
