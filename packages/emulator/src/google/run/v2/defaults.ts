import type { Context } from '../context.ts';
import type { AskedContainer, AskedService, AskedTemplate } from './asked.ts';
import type { Container, Probe, Service, Template, TrafficTarget } from './types.ts';

/** Fills in what Cloud Run fills in, so that what is read back is the whole. */
export function completeTemplate(asked: AskedTemplate, cloud: Context): Template {
  const containers = asked.containers ?? [];
  const cpu = Number(containers[0]?.resources?.limits?.cpu?.replace(/m$/, 'e-3') ?? 1);
  return {
    ...asked,
    scaling: { maxInstanceCount: 100, ...asked.scaling },
    timeout: asked.timeout ?? '300s',
    serviceAccount: asked.serviceAccount || defaultAccount(cloud),
    containers: containers.map((container) => {
      // Of several containers the one that says its port is the one that requests go to.
      const isIngress = containers.length === 1 || (container.ports ?? []).length > 0;
      return isIngress ? completeIngress(container) : completeServing(container);
    }),
    maxInstanceRequestConcurrency: asked.maxInstanceRequestConcurrency || (cpu < 1 ? 1 : 80),
  };
}

/** Who runs what says no account: the default account of Compute Engine. */
export function defaultAccount(cloud: Context): string {
  return `${cloud.project.number}-compute@developer.gserviceaccount.com`;
}

/** What a service has besides its template that Cloud Run fills in. */
export function completeService({
  ingress,
  launchStage,
  traffic,
}: AskedService): Pick<Service, 'ingress' | 'launchStage' | 'traffic'> {
  return {
    ingress: ingress ?? 'INGRESS_TRAFFIC_ALL',
    launchStage: launchStage ?? 'GA',
    traffic: completeTraffic(traffic),
  };
}

/** All requests go to the latest ready revision unless the caller says otherwise. */
function completeTraffic(asked: readonly TrafficTarget[] | undefined): TrafficTarget[] {
  return asked && asked.length > 0
    ? [...asked]
    : [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }];
}

function completeIngress(asked: AskedContainer): Container {
  const [given] = asked.ports ?? [];
  const port = { name: given?.name || 'http1', containerPort: given?.containerPort ?? 8080 };
  const whole = completeServing(asked);
  const startupProbe = completeProbe(
    asked.startupProbe && Object.keys(asked.startupProbe).length > 0 ? asked.startupProbe : STARTUP,
    port.containerPort,
  );
  const { livenessProbe, readinessProbe } = asked;
  return {
    ...whole,
    ports: [port],
    startupProbe,
    ...(livenessProbe && { livenessProbe: completeProbe(livenessProbe, port.containerPort) }),
    ...(readinessProbe && { readinessProbe: completeProbe(readinessProbe, port.containerPort) }),
  };
}

/**
 * A container of a service. CPUs are idle between requests where nothing is said of resources; who says something has to
 * say that too (https://cloud.google.com/run/docs/reference/rest/v2/Container#ResourceRequirements).
 */
function completeServing(asked: AskedContainer): Container {
  return completeContainer({ ...asked, resources: asked.resources ?? { limits: {}, cpuIdle: true } });
}

export function completeContainer(asked: AskedContainer): Container {
  return {
    ...asked,
    resources: {
      ...asked.resources,
      limits: { cpu: '1000m', memory: '512Mi', ...asked.resources?.limits },
    },
    ...(asked.startupProbe && { startupProbe: completeProbe(asked.startupProbe, 8080) }),
    ...(asked.livenessProbe && { livenessProbe: completeProbe(asked.livenessProbe, 8080) }),
  };
}

/** Without a probe of its own a container has 240 seconds to listen (https://cloud.google.com/run/docs/configuring/healthchecks). */
const STARTUP: Probe = { timeoutSeconds: 240, periodSeconds: 240, failureThreshold: 1 };

function completeProbe(asked: Probe, port: number): Probe {
  const { httpGet, tcpSocket, grpc } = asked;
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    failureThreshold: 3,
    ...asked,
    ...(httpGet && { httpGet: { path: '/', port, ...httpGet } }),
    ...(grpc && { grpc: { port, ...grpc } }),
    ...(!httpGet && !grpc && { tcpSocket: { port, ...tcpSocket } }),
  };
}
