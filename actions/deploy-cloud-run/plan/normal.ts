import type { Json } from '@gangway/action';
import { mainIndex } from '../api/main-container.ts';
import type { Container, PoolTemplate, Probe, Template, Workload } from '../api/resources.ts';
import { canonicalCpu } from './template.ts';

/**
 * A template as Cloud Run would show it: with the defaults that it fills in, CPUs in thousandths, and no name of a
 * revision. What says the same looks the same (https://cloud.google.com/run/docs/reference/rest/v2).
 */
export function normalTemplate({ revision: _, ...template }: Template): Json {
  const containers = template.containers ?? [];
  const main = containers[mainIndex(containers)];
  const cpu = Number(canonicalCpu(main?.resources?.limits?.cpu ?? '1').replace(/m$/, 'e-3'));
  return normal({
    ...template,
    ...workload(template, containers.indexOf(main ?? {}), 'service'),
    timeout: template.timeout ?? '300s',
    maxInstanceRequestConcurrency: template.maxInstanceRequestConcurrency ?? (cpu < 1 ? 1 : 80),
    scaling: { maxInstanceCount: 100, ...template.scaling },
  });
}

/** The same of what a task is made of. */
export function normalTask(template: Workload & { readonly maxRetries?: number }): Json {
  return normal({
    ...template,
    ...workload(template, -1, 'job'),
    timeout: template.timeout ?? '600s',
    maxRetries: template.maxRetries ?? 3,
  });
}

/** The same of a worker pool, which has no time for a request and no idle CPUs. */
export function normalPoolTemplate({ revision: _, ...template }: PoolTemplate): Json {
  return normal({ ...template, ...workload(template, -1, 'job') });
}

/** Keys in order, and nothing that is empty. */
export function normal(value: unknown): Json {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, normal(inner)] as const)
    .filter(([, inner]) => !isEmpty(inner));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function workload({ containers = [], serviceAccount }: Workload, ingress: number, kind: 'service' | 'job') {
  return {
    containers: containers.map((container, index) =>
      completed(container, index === ingress, containers.length === 1, kind),
    ),
    // What says no account runs as the default one of Compute Engine.
    serviceAccount: /^\d+-compute@developer\.gserviceaccount\.com$/.test(serviceAccount ?? '')
      ? undefined
      : serviceAccount,
  };
}

function completed(
  container: Container,
  isIngress: boolean,
  isOnly: boolean,
  kind: 'service' | 'job',
): unknown {
  const { env = [], resources, ports, startupProbe, livenessProbe, readinessProbe } = container;
  const [port = {}] = ports ?? [];
  const containerPort = port.containerPort ?? 8080;
  const limits = { cpu: '1', memory: '512Mi', ...resources?.limits };
  return {
    ...container,
    ...(isOnly && { name: container.name }),
    resources: {
      // Only where nothing is said of resources are CPUs idle by default; tasks have no idle CPUs.
      ...(resources ?? { cpuIdle: true }),
      ...(kind === 'job' && { cpuIdle: false }),
      limits: { ...limits, cpu: canonicalCpu(limits.cpu) },
    },
    env: env
      .map(({ name, value = '', valueSource }) => ({ name, ...(valueSource ? { valueSource } : { value }) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(isIngress && { ports: [{ name: 'http1', ...port, containerPort }] }),
    ...(isIngress && { startupProbe: probe(startupProbe ?? STARTUP, containerPort) }),
    ...(!isIngress && startupProbe && { startupProbe: probe(startupProbe, 8080) }),
    ...(livenessProbe && { livenessProbe: probe(livenessProbe, containerPort) }),
    ...(readinessProbe && { readinessProbe: probe(readinessProbe, containerPort) }),
  };
}

/** What a container without a probe of its own is given. */
const STARTUP: Probe = { timeoutSeconds: 240, periodSeconds: 240, failureThreshold: 1 };

function probe({ httpGet, tcpSocket, grpc, ...times }: Probe, port: number): Probe {
  return {
    ...{ timeoutSeconds: 1, periodSeconds: 10, failureThreshold: 3 },
    ...times,
    ...(httpGet && { httpGet: { path: '/', port, ...httpGet } }),
    ...(grpc && { grpc: { port, ...grpc } }),
    ...(!httpGet && !grpc && { tcpSocket: { port, ...tcpSocket } }),
  };
}
