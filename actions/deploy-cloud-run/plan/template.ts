import { invalid } from '@gangway/action';
import { mainIndex } from '../api/main-container.ts';
import type { Container, Probe, Template, Volume, VpcAccess, Workload } from '../api/resources.ts';
import type { ServiceInputs, Settings } from '../inputs/settings.ts';
import { wantedEnv } from './env.ts';
import { hasGpu, wantedAccelerator, withGpu } from './gpu.ts';
import { withSecretFiles } from './secret-files.ts';
import { withVolumes } from './volumes.ts';

/** Where it runs, for names that Google wants in full. */
export interface Home {
  readonly projectId: string;
  readonly region: string;
}

const CLOUD_SQL = 'cloudsql';

/**
 * The template a service is to have: what it has now, or what the file says, with the image and the named settings put
 * in. Everything else stays as it is.
 *
 * @param image by digest; undefined keeps the one that is there
 */
export function wantedTemplate(
  current: Template | undefined,
  image: string | undefined,
  settings: Settings,
  service: ServiceInputs,
  home: Home,
): Template {
  const { revision: _, ...kept } = current ?? {};
  const whole = wantedWorkload(kept, image, settings, home);
  const at = mainIndex(whole.containers ?? []);
  const { minInstances, maxInstances } = service;
  const scaling = {
    ...kept.scaling,
    ...(minInstances !== undefined && { minInstanceCount: minInstances }),
    ...(maxInstances !== undefined && { maxInstanceCount: maxInstances }),
  };
  const containers = (whole.containers ?? []).map((container, index) =>
    index === at ? withServing(container, service, (whole.containers ?? []).length > 1) : container,
  );
  return {
    ...whole,
    containers: withCpuIdle(containers, kept, whole, settings, service),
    ...(service.concurrency !== undefined && { maxInstanceRequestConcurrency: service.concurrency }),
    ...(service.sessionAffinity !== undefined && { sessionAffinity: service.sessionAffinity }),
    ...(Object.keys(scaling).length > 0 && { scaling }),
  };
}

/** What revisions and tasks have in common, with the settings put in. */
export function wantedWorkload<T extends Workload>(
  current: T,
  image: string | undefined,
  settings: Settings,
  home: Home,
): T {
  const containers = current.containers ?? [];
  const at = mainIndex(containers);
  const main = withSettings(containers[at] ?? {}, image, settings);
  const files = withSecretFiles(main, current.volumes, settings);
  const sql = withCloudSql(files.container, files.volumes, settings.cloudSql);
  const beside = settings.sidecars ?? containers.filter((_, index) => index !== at);
  const mounted = withVolumes(withGpu(sql.container, settings), sql.volumes, settings.volumes, beside);
  const { container, volumes } = mounted;
  // Where there are several, each has a name.
  const named = beside.length > 0 && !container.name ? { name: 'main', ...container } : container;
  const vpcAccess = wantedVpc(current.vpcAccess, settings.vpc, home);
  const nodeSelector = wantedAccelerator(current.nodeSelector, settings);
  const { vpcAccess: _, volumes: __, nodeSelector: ___, ...kept } = current;
  return {
    ...(kept as T),
    ...(settings.serviceAccount && { serviceAccount: settings.serviceAccount }),
    ...(settings.executionEnvironment && { executionEnvironment: settings.executionEnvironment }),
    ...(settings.timeout && { timeout: settings.timeout }),
    ...(vpcAccess && { vpcAccess }),
    ...(nodeSelector && { nodeSelector }),
    ...(volumes && volumes.length > 0 && { volumes }),
    containers: [...beside.slice(0, at), named, ...beside.slice(at)],
  };
}

function withSettings(current: Container, image: string | undefined, settings: Settings): Container {
  const { cpu, memory, command, args, dependsOn } = settings;
  const limits = {
    ...current.resources?.limits,
    ...(cpu && { cpu: canonicalCpu(cpu) }),
    ...(memory && { memory }),
  };
  const env = wantedEnv(current.env, settings);
  return {
    ...current,
    ...(image && { image }),
    ...(command && { command }),
    ...(args && { args }),
    ...(dependsOn && { dependsOn }),
    ...(env && { env }),
    ...(Object.keys(limits).length > 0 && { resources: { ...current.resources, limits } }),
  };
}

function withServing(current: Container, service: ServiceInputs, needsPort: boolean): Container {
  const { port, http2, cpuBoost, startupProbe, livenessProbe, readinessProbe } = service;
  const [before] = current.ports ?? [];
  const containerPort = port ?? before?.containerPort ?? (needsPort ? 8080 : undefined);
  const name = http2 === undefined ? before?.name : http2 ? 'h2c' : 'http1';
  const ports = { ...(name && { name }), ...(containerPort !== undefined && { containerPort }) };
  const moved = (probe: Probe | undefined) => movedProbe(probe, before?.containerPort, containerPort);
  const { startupProbe: startup, livenessProbe: liveness, readinessProbe: readiness, ...kept } = current;
  const probes = {
    startupProbe: startupProbe ?? moved(startup),
    livenessProbe: livenessProbe ?? moved(liveness),
    readinessProbe: readinessProbe ?? moved(readiness),
  };
  return {
    ...kept,
    ...(probes.startupProbe && probes.startupProbe !== 'none' && { startupProbe: probes.startupProbe }),
    ...(probes.livenessProbe && probes.livenessProbe !== 'none' && { livenessProbe: probes.livenessProbe }),
    ...(probes.readinessProbe &&
      probes.readinessProbe !== 'none' && { readinessProbe: probes.readinessProbe }),
    ...(Object.keys(ports).length > 0 && { ports: [ports] }),
    ...(cpuBoost !== undefined && { resources: { ...current.resources, startupCpuBoost: cpuBoost } }),
  };
}

/**
 * Says when the CPU of each container is allocated. Where resources are set and `cpuIdle` isn't, Cloud Run takes that
 * for "always", and bills it so (https://cloud.google.com/run/docs/reference/rest/v2/Container#ResourceRequirements): what
 * has resources for the first time has to say it. What the service says already stays.
 */
function withCpuIdle(
  containers: readonly Container[],
  { containers: before = [] }: Template,
  { nodeSelector }: Template,
  { sidecars, gpu }: Settings,
  service: ServiceInputs,
): readonly Container[] {
  // An instance with a GPU has its CPUs always (https://cloud.google.com/run/docs/configuring/services/gpu).
  const cpuThrottling = service.cpuThrottling ?? (gpu === '1' ? false : undefined);
  if (cpuThrottling && containers.some(hasGpu))
    throw invalid(
      'cpu_throttling',
      'true',
      'an instance with a GPU has its CPUs always; leave it out, or write gpu: 0 and no gpu_type',
    );
  const said = before[mainIndex(before)]?.resources;
  // With a GPU it is always allocated.
  const idle = cpuThrottling ?? (said ? said.cpuIdle === true : nodeSelector?.accelerator === undefined);
  const at = mainIndex(containers);
  return containers.map((container, index) => {
    const isSaid = index === at ? said !== undefined : sidecars === undefined;
    if ((isSaid && cpuThrottling === undefined) || (!container.resources && idle)) return container;
    return { ...container, resources: { ...container.resources, cpuIdle: idle } };
  });
}

/** A probe of the port that requests go to follows when that changes: Cloud Run names it in the probe it makes itself. */
function movedProbe(
  probe: Probe | undefined,
  from: number | undefined,
  to: number | undefined,
): Probe | undefined {
  if (!probe || from === undefined || to === undefined || from === to) return probe;
  const port = <T extends { readonly port?: number }>(action: T): T =>
    action.port === from ? { ...action, port: to } : action;
  const { httpGet, tcpSocket, grpc } = probe;
  return {
    ...probe,
    ...(httpGet && { httpGet: port(httpGet) }),
    ...(tcpSocket && { tcpSocket: port(tcpSocket) }),
    ...(grpc && { grpc: port(grpc) }),
  };
}

function withCloudSql(
  container: Container,
  volumes: readonly Volume[] | undefined,
  instances: readonly string[] | undefined,
): { container: Container; volumes: readonly Volume[] | undefined } {
  if (instances === undefined) return { container, volumes };
  const before = (volumes ?? []).filter(({ cloudSqlInstance }) => cloudSqlInstance).map(({ name }) => name);
  const kept = (volumes ?? []).filter(({ name }) => !before.includes(name));
  const mounts = (container.volumeMounts ?? []).filter(({ name }) => !before.includes(name));
  const [name = CLOUD_SQL] = before;
  if (instances.length === 0) return { container: { ...container, volumeMounts: mounts }, volumes: kept };
  return {
    container: { ...container, volumeMounts: [...mounts, { name, mountPath: '/cloudsql' }] },
    volumes: [...kept, { name, cloudSqlInstance: { instances } }],
  };
}

function wantedVpc(
  current: VpcAccess | undefined,
  { connector, network, subnet, tags, egress }: Settings['vpc'],
  { projectId, region }: Home,
): VpcAccess | undefined {
  const routed = { ...((egress ?? current?.egress) && { egress: egress ?? current?.egress ?? '' }) };
  if (connector === 'none' || network === 'none') return undefined;
  const full = (name: string) =>
    name.includes('/') ? name : `projects/${projectId}/locations/${region}/connectors/${name}`;
  if (connector) {
    return { connector: full(connector), egress: routed.egress ?? 'PRIVATE_RANGES_ONLY' };
  }
  const [before] = current?.networkInterfaces ?? [];
  // Without a network there are no tags to take away.
  if (network || subnet || (tags && (before || tags.length > 0))) {
    if (!network && !subnet && !before?.network && !before?.subnetwork)
      throw invalid(
        'network_tags',
        (tags ?? []).join(','),
        'they need a network: name it with network or subnet',
      );
    const joined = {
      ...before,
      ...(network && { network }),
      ...(subnet && { subnetwork: subnet }),
      ...(tags && { tags }),
    };
    return { networkInterfaces: [joined], egress: routed.egress ?? 'PRIVATE_RANGES_ONLY' };
  }
  if (!current && egress)
    throw invalid(
      'vpc_egress',
      egress === 'ALL_TRAFFIC' ? 'all-traffic' : 'private-ranges-only',
      'nothing goes through a VPC yet: name it with vpc_connector, or with network or subnet',
    );
  return (
    current && { ...current, ...(current.connector && { connector: full(current.connector) }), ...routed }
  );
}

/** Cloud Run stores CPUs in thousandths: `1` and `1000m` are the same. */
export function canonicalCpu(cpu: string): string {
  return cpu.endsWith('m') ? cpu : `${Math.round(Number(cpu) * 1000)}m`;
}
