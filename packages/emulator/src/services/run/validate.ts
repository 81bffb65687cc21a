import { ApiError } from '../../errors.ts';
import { bytes, cpus, seconds } from './quantity.ts';
import type { Container, Service, Template, TrafficTarget } from './types.ts';

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

/** @throws ApiError INVALID_ARGUMENT unless the id may name a service */
export function checkServiceId(id: string): void {
  if (/^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/.test(id)) return;
  throw violation(
    'service_id',
    "Resource name must use only lowercase letters, numbers and '-'. Must begin with a letter and cannot end with a '-'. Maximum length is 49 characters.",
  );
}

/** @throws ApiError INVALID_ARGUMENT with the field that Cloud Run would not take */
export function checkService({
  name,
  template,
  traffic,
}: Pick<Service, 'name' | 'template' | 'traffic'>): void {
  checkTemplate(template, name.split('/').at(-1) ?? '');
  checkTraffic(traffic);
}

function checkTemplate(
  { containers, revision, timeout, maxInstanceRequestConcurrency: concurrency, scaling }: Template,
  id: string,
): void {
  const [container, ...sidecars] = containers;
  if (!container) throw violation('template.containers', 'must have at least one container');
  if (sidecars.length > 0)
    throw new ApiError(
      'UNIMPLEMENTED',
      'The local cloud runs one container a revision: sidecars are not supported.',
    );
  if (revision && (!revision.startsWith(`${id}-`) || !/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(revision))) {
    throw violation(
      'template.revision',
      `Revision names must be prefixed by the service name, "${id}-", and use only lowercase letters, numbers and '-'.`,
    );
  }
  const allowed = seconds(timeout);
  if (allowed === undefined || allowed < 1 || allowed > 3600)
    throw violation('template.timeout', 'must be between 1 second and 60 minutes');
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1000) {
    throw violation('template.max_instance_request_concurrency', 'must be between 1 and 1000 inclusive');
  }
  const { minInstanceCount: least = 0, maxInstanceCount: most = 100 } = scaling;
  if (least > most)
    throw violation(
      'template.scaling.min_instance_count',
      'must be less than or equal to max_instance_count',
    );
  checkContainer(container, concurrency);
}

function checkContainer(container: Container, concurrency: number): void {
  const at = 'template.containers[0]';
  if (!container.image) {
    throw violation(
      `${at}.image`,
      'expected a container image path in the form [hostname/]repo-path[:tag and/or @digest]',
    );
  }
  const [port] = container.ports;
  if (!port || port.containerPort < 1 || port.containerPort > 65535)
    throw violation(`${at}.ports[0].container_port`, 'must be between 1 and 65535 inclusive');
  const reserved = (container.env ?? []).map(({ name }) => name).filter((name) => RESERVED.has(name));
  if (reserved.length > 0) {
    throw violation(
      `${at}.env`,
      `The following reserved env names were provided: ${reserved.join(', ')}. These values are automatically set by the system.`,
    );
  }
  checkLimits(container.resources.limits, concurrency, `${at}.resources.limits`);
}

function checkLimits(limits: Readonly<Record<string, string>>, concurrency: number, at: string): void {
  const cpu = cpus(limits.cpu ?? '');
  if (cpu === undefined || (!(cpu >= 0.08 && cpu <= 1) && ![2, 4, 6, 8].includes(cpu))) {
    throw violation(
      `${at}.cpu`,
      `Invalid value specified for cpu. Must be equal to one of [.08-1], 1.0, 2.0, 4.0, 6.0, 8.0. Found: ${limits.cpu}`,
    );
  }
  if (cpu < 1 && concurrency > 1)
    throw violation(`${at}.cpu`, 'Total cpu < 1 is not supported with concurrency > 1.');
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
    );
  }
}

function checkTraffic(traffic: readonly TrafficTarget[]): void {
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100) throw violation('traffic', `Traffic targets must sum to 100, got ${sum}.`);
  if (traffic.some(({ tag }) => tag))
    throw new ApiError(
      'UNIMPLEMENTED',
      'The local cloud has no URLs of tagged revisions: traffic tags are not supported.',
    );
}

function violation(field: string, description: string): ApiError {
  const path = field === 'service_id' ? field : `service.${field}`;
  return new ApiError('INVALID_ARGUMENT', `Violation in CreateServiceRequest.${path}: ${description}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: path, description }] },
  ]);
}
