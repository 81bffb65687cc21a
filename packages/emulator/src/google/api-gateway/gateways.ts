import { createHash } from 'node:crypto';
import { ApiError, alreadyExists, notFound } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import { listed } from '../../kernel/resources/listing.ts';
import { canonical, existing, guarded, nameIn, REGION } from './access.ts';
import type { Context } from './context.ts';
import { type CommonBody, newId, patch } from './fields.ts';
import { regionCode } from './locations.ts';
import { change, shownResource } from './long-running.ts';
import { policyRoutes } from './policies.ts';
import type { ApiConfig, Gateway } from './state.ts';

interface GatewayBody extends CommonBody {
  readonly apiConfig?: string;
  readonly streamingMode?: string | number;
}

const GATEWAYS = `${REGION}/gateways`;
const GATEWAY = `${GATEWAYS}/{gateway}`;
const MAX_GATEWAYS = 50;
/** By their numbers in the message, as proto3 JSON takes them too. */
const STREAMING_MODES = ['STREAMING_MODE_UNSPECIFIED', 'STREAMING_MODE_ENABLED'];

export const gatewayRoutes: readonly Route<Context>[] = [
  guarded('GET', GATEWAYS, 'gateways.list', list, REGION),
  guarded('POST', GATEWAYS, 'gateways.create', create, REGION),
  guarded('GET', GATEWAY, 'gateways.get', get),
  guarded('PATCH', GATEWAY, 'gateways.update', update),
  guarded('DELETE', GATEWAY, 'gateways.delete', remove),
  ...policyRoutes(GATEWAY, 'gateways', ({ apiGateway }) => apiGateway.gateways),
];

function list(call: Call, cloud: Context): Reply {
  const { location = '' } = call.params;
  const all = [...cloud.apiGateway.gateways.values()];
  // `-` lists the gateways of every region.
  if (location === '-') return listed(call, 'gateways', all.map(shown));
  regionCode(location);
  return listed(call, 'gateways', inRegion(all, nameIn(GATEWAYS, call, cloud)).map(shown));
}

function get(call: Call, cloud: Context): Reply {
  return { body: shown(existing(cloud.apiGateway.gateways, nameIn(GATEWAY, call, cloud))) };
}

function create(call: Call, cloud: Context): Reply {
  const { gateways } = cloud.apiGateway;
  const code = regionCode(call.params.location ?? '');
  const parent = nameIn(GATEWAYS, call, cloud);
  const id = newId(call, 'gatewayId', 49);
  const name = `${parent}/${id}`;
  const body = json<GatewayBody>(call);
  if (gateways.has(name)) throw alreadyExists(name);
  if (inRegion([...gateways.values()], parent).length >= MAX_GATEWAYS) {
    throw new ApiError(
      'RESOURCE_EXHAUSTED',
      `Quota limit 'GatewaysPerRegion' has been exceeded. Limit: ${MAX_GATEWAYS} in region ${call.params.location}.`,
    );
  }
  const streaming = streamingOf(body);
  const config = usableConfig(body.apiConfig, cloud);
  const now = cloud.clock.now();
  const gateway: Gateway = {
    name,
    createTime: now,
    updateTime: now,
    displayName: body.displayName || id,
    labels: labelsOf(body),
    apiConfig: config.name.replace(/^projects\/[^/]+/, `projects/${cloud.project.number}`),
    // What is reported before a gateway is ACTIVE is not where it will answer.
    defaultHostname: `${id}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}.${code}.gateway.dev`,
    streaming,
    state: 'CREATING',
  };
  gateways.set(name, gateway);
  return change(cloud, {
    verb: 'create',
    resource: gateway,
    work: () => deploy(cloud, gateway, config),
    result: result(gateway),
  });
}

function update(call: Call, cloud: Context): Reply {
  const gateway = existing(cloud.apiGateway.gateways, nameIn(GATEWAY, call, cloud));
  const body = json<GatewayBody>(call);
  let next: ApiConfig | undefined;
  const setters = {
    apiConfig: ({ apiConfig = '' }: GatewayBody) => {
      next = usableConfig(apiConfig, cloud);
      if (canonical(gateway.apiConfig, cloud) !== next.name) gateway.apiConfig = apiConfig;
    },
  };
  const { fields, apply } = patch(call, body, gateway, setters, ['streamingMode']);
  if (fields.includes('apiConfig')) usableConfig(body.apiConfig, cloud);
  const work = async () => {
    apply();
    if (next) await deploy(cloud, gateway, next);
  };
  return change(cloud, { verb: 'update', resource: gateway, work, result: result(gateway) });
}

function remove(call: Call, cloud: Context): Reply {
  const { gateways } = cloud.apiGateway;
  const gateway = existing(gateways, nameIn(GATEWAY, call, cloud));
  const work = async () => {
    await cloud.gateways.remove(gateway.name);
    gateways.delete(gateway.name);
  };
  return change(cloud, { verb: 'delete', resource: gateway, work });
}

/** Has the gateways listen again, each where it did. */
export async function resumeGateways(cloud: Context, notice: (line: string) => void): Promise<void> {
  for (const gateway of cloud.apiGateway.gateways.values()) {
    const config = cloud.apiGateway.configs.get(canonical(gateway.apiConfig, cloud));
    if (gateway.state !== 'ACTIVE') continue;
    if (config) await deploy(cloud, gateway, config);
    else notice(`${gateway.name} does not come up again: its config ${gateway.apiConfig} is not there.`);
  }
}

async function deploy(cloud: Context, gateway: Gateway, config: ApiConfig): Promise<void> {
  const api = existing(cloud.apiGateway.apis, config.name.replace(/\/configs\/[^/]+$/, ''));
  gateway.defaultHostname = await cloud.gateways.deploy(gateway.name, {
    service: config.service,
    managedService: api.managedService,
    serviceAccount: config.gatewayServiceAccount,
  });
}

/** @throws ApiError INVALID_ARGUMENT for what is not a config's full name, NOT_FOUND, FAILED_PRECONDITION unless it is ACTIVE */
function usableConfig(apiConfig: string | undefined, cloud: Context): ApiConfig {
  const name = canonical(apiConfig ?? '', cloud);
  if (!/^projects\/[^/]+\/locations\/global\/apis\/[^/]+\/configs\/[^/]+$/.test(name)) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid API config name '${apiConfig ?? ''}': it must have the form projects/PROJECT/locations/global/apis/API/configs/CONFIG.`,
    );
  }
  const config = cloud.apiGateway.configs.get(name);
  if (!config) throw notFound(name);
  if (config.state !== 'ACTIVE')
    throw new ApiError(
      'FAILED_PRECONDITION',
      `API config '${name}' cannot be used by a gateway: its state is ${config.state}, not ACTIVE.`,
    );
  return config;
}

/** @throws ApiError INVALID_ARGUMENT for a mode that the service does not have */
function streamingOf({ streamingMode = 0 }: GatewayBody): boolean {
  const mode = typeof streamingMode === 'number' ? streamingMode : STREAMING_MODES.indexOf(streamingMode);
  if (!STREAMING_MODES[mode])
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid value at 'gateway.streaming_mode' (type.googleapis.com/google.cloud.apigateway.v1.Gateway.StreamingMode), ${JSON.stringify(streamingMode)}`,
    );
  return mode === 1;
}

function inRegion(gateways: readonly Gateway[], parent: string): Gateway[] {
  return gateways.filter(({ name }) => name.startsWith(`${parent}/`));
}

function result(gateway: Gateway): { type: 'Gateway'; shown: () => Record<string, unknown> } {
  return { type: 'Gateway', shown: () => shown(gateway) };
}

function shown(gateway: Gateway): Record<string, unknown> {
  return {
    ...shownResource(gateway),
    apiConfig: gateway.apiConfig,
    defaultHostname: gateway.defaultHostname,
    ...(gateway.streaming && { streamingMode: 'STREAMING_MODE_ENABLED' }),
    effectiveStreamingMode: `EFFECTIVE_STREAMING_MODE_${gateway.streaming ? 'ENABLED' : 'DISABLED'}`,
  };
}
