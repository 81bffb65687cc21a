import type { Cloud } from '../../cloud.ts';
import type { Container, Probe, Service, Template, TrafficTarget } from './types.ts';

/** A container, or a template, as a caller may give it: only the image is needed. */
type AskedContainer = Pick<Container, 'image'> & Partial<Container>;
export type AskedTemplate = Partial<Omit<Template, 'containers'>> & { containers?: AskedContainer[] };
export type AskedService = Partial<Omit<Service, 'template'>> & { template?: AskedTemplate };

/** Fills in what Cloud Run fills in, so that what is read back is the whole. */
export function completeTemplate(asked: AskedTemplate, cloud: Cloud): Template {
  const cpu = Number(asked.containers?.[0]?.resources?.limits?.cpu?.replace(/m$/, 'e-3') ?? 1);
  return {
    ...asked,
    scaling: { maxInstanceCount: 100, ...asked.scaling },
    timeout: asked.timeout ?? '300s',
    serviceAccount: asked.serviceAccount || `${cloud.project.number}-compute@developer.gserviceaccount.com`,
    containers: (asked.containers ?? []).map(completeContainer),
    maxInstanceRequestConcurrency: asked.maxInstanceRequestConcurrency || (cpu < 1 ? 1 : 80),
  };
}

/** All requests go to the latest ready revision unless the caller says otherwise. */
export function completeTraffic(asked: readonly TrafficTarget[] | undefined): TrafficTarget[] {
  return asked && asked.length > 0
    ? [...asked]
    : [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }];
}

function completeContainer(asked: AskedContainer): Container {
  const [given] = asked.ports ?? [];
  const port = { name: given?.name || 'http1', containerPort: given?.containerPort ?? 8080 };
  return {
    ...asked,
    resources: {
      cpuIdle: true,
      startupCpuBoost: false,
      ...asked.resources,
      limits: { cpu: '1000m', memory: '512Mi', ...asked.resources?.limits },
    },
    ports: [port],
    startupProbe: completeProbe(asked.startupProbe, port.containerPort),
  };
}

/** Without a probe of its own a container has 240 seconds to listen (https://cloud.google.com/run/docs/configuring/healthchecks). */
function completeProbe(asked: Probe | undefined, port: number): Probe {
  if (!asked || Object.keys(asked).length === 0) {
    return { timeoutSeconds: 240, periodSeconds: 240, failureThreshold: 1, tcpSocket: { port } };
  }
  const { httpGet, tcpSocket } = asked;
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    failureThreshold: 3,
    ...asked,
    ...(httpGet && { httpGet: { path: '/', port, ...httpGet } }),
    ...(!httpGet && !asked.grpc && { tcpSocket: { port, ...tcpSocket } }),
  };
}
