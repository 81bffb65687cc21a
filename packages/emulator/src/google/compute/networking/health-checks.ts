import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { inUse, invalid, required } from '../errors.ts';
import { guarded } from '../guarded.ts';
import { operate } from '../operations/operate.ts';
import { KINDS } from '../resources/kinds.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { change, checkName, keep, pathIn, requireFree, resourceOf } from '../resources/resource.ts';

const KIND = KINDS.healthCheck;
const FIELDS: Readonly<Record<string, string>> = {
  TCP: 'tcpHealthCheck',
  SSL: 'sslHealthCheck',
  HTTP: 'httpHealthCheck',
  HTTPS: 'httpsHealthCheck',
  HTTP2: 'http2HealthCheck',
  GRPC: 'grpcHealthCheck',
};

/** Health checks, global and of a region (https://cloud.google.com/compute/docs/reference/rest/v1/healthChecks). */
export const healthCheckRoutes: readonly Route<Context>[] = [
  ...readRoutes(KIND),
  ...KIND.places.flatMap(([place, permission]) => [
    guarded('POST', `${place}/healthChecks`, `${permission}.create`, insert),
    guarded('PATCH', `${place}/healthChecks/{name}`, `${permission}.update`, (call, cloud) =>
      write(call, cloud, true),
    ),
    guarded('PUT', `${place}/healthChecks/{name}`, `${permission}.update`, (call, cloud) =>
      write(call, cloud, false),
    ),
    guarded('DELETE', `${place}/healthChecks/{name}`, `${permission}.delete`, remove),
  ]),
];

function insert(call: Call, cloud: Context): Reply {
  const asked = json(call);
  const path = pathIn(call, cloud, KIND, checkName(asked.name));
  requireFree(cloud, path);
  const made = keep(cloud, path, KIND, checked(asked));
  return operate(call, cloud, { type: 'insert', target: path, targetId: made.id, work: () => undefined });
}

/** @param isPatch whether what is not given stays as it is */
function write(call: Call, cloud: Context, isPatch: boolean): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  const fields = checked(isPatch ? { ...resource, ...json(call) } : json(call));
  const work = () => change(cloud, path, fields);
  return operate(call, cloud, {
    type: isPatch ? 'patch' : 'update',
    target: path,
    targetId: resource.id,
    work,
  });
}

function remove(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  const user = cloud.compute
    .everywhere('instanceGroupManagers')
    .find(({ autoHealingPolicies }) => JSON.stringify(autoHealingPolicies ?? []).includes(`/${path}"`));
  if (user)
    throw inUse(
      KIND.word,
      `projects/${cloud.project.id}/${path}`,
      user.selfLink.replace(/^.*\/(?=projects\/)/, ''),
    );
  const work = () => void cloud.compute.resources.delete(path);
  return operate(call, cloud, { type: 'delete', target: path, targetId: resource.id, work });
}

function checked(asked: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type, description, logConfig } = asked;
  if (type === undefined) throw required('resource.type');
  const field = FIELDS[String(type)];
  if (!field) throw invalid('resource.type', type, `Must be one of ${Object.keys(FIELDS).join(', ')}.`);
  const seconds = (name: string) => number(asked, name, 5, 300);
  const [checkIntervalSec, timeoutSec] = [seconds('checkIntervalSec'), seconds('timeoutSec')];
  if (timeoutSec > checkIntervalSec)
    throw invalid(
      'resource.timeoutSec',
      String(timeoutSec),
      'TimeoutSec should be less than or equal to checkIntervalSec.',
    );
  const own = (asked[field] ?? {}) as Readonly<Record<string, unknown>>;
  const isHttp = field.startsWith('http');
  const named = own.portSpecification === 'USE_NAMED_PORT' || own.portName !== undefined;
  const port = type === 'HTTPS' || type === 'HTTP2' ? 443 : 80;
  return {
    ...(typeof description === 'string' && { description }),
    ...{ checkIntervalSec, timeoutSec, type },
    healthyThreshold: number(asked, 'healthyThreshold', 2, 10),
    unhealthyThreshold: number(asked, 'unhealthyThreshold', 2, 10),
    [field]: {
      ...(!named && own.portSpecification !== 'USE_SERVING_PORT' && { port }),
      ...(isHttp && { requestPath: '/' }),
      ...(type !== 'GRPC' && { proxyHeader: 'NONE' }),
      ...own,
    },
    logConfig: logConfig ?? { enable: false },
  };
}

function number(asked: Readonly<Record<string, unknown>>, name: string, usual: number, most: number): number {
  const value = asked[name] ?? usual;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw invalid(`resource.${name}`, String(value), `Must be between 1 and ${most}, inclusive.`);
}
