import { fields, map, object, type Reader, text } from '@gangway/http';
import type { GoogleCloud } from '../client.ts';
import { hasStatus } from '../error.ts';
import { OPERATION, type Operation, type OperationKind } from '../operation.ts';
import { GATEWAY, type Gateway } from './resources.ts';

/** What an API, a config or a gateway is known by. Google's client of API Gateway knows no streaming mode. */
export interface Described {
  readonly displayName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a gateway: the mode that it is served with. */
  readonly effectiveStreamingMode?: string;
}

/** What can be changed of it. */
export type Description = Pick<Described, 'displayName' | 'labels'>;

const DESCRIBED: Reader<Described> = fields<Described>({
  displayName: text,
  labels: map(text),
  effectiveStreamingMode: text,
});

/** Asks what a resource is known by; undefined for what is not there. */
export async function getDescribed(cloud: GoogleCloud, name: string): Promise<Described | undefined> {
  try {
    return await cloud.request({ ...TO, method: 'GET', path: `v1/${name}`, answer: DESCRIBED });
  } catch (error) {
    if (hasStatus(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/** Starts to change what is given, and nothing else. @param description labels are all that it is to have */
export async function describe(
  cloud: GoogleCloud,
  name: string,
  description: Description,
): Promise<{ operation: Operation; kind: OperationKind<unknown> }> {
  const query = { updateMask: Object.keys(description).join(',') };
  const request = { ...TO, method: 'PATCH', path: `v1/${name}`, query, body: description } as const;
  return { operation: await cloud.request({ ...request, answer: OPERATION }), kind: kindOf(object) };
}

/** Starts to create a gateway that streams. */
export async function createStreamingGateway(
  cloud: GoogleCloud,
  parent: string,
  gatewayId: string,
  gateway: Description & { readonly apiConfig: string },
): Promise<{ operation: Operation; kind: OperationKind<Gateway> }> {
  const body = { ...gateway, streamingMode: 'STREAMING_MODE_ENABLED' };
  const request = {
    ...TO,
    method: 'POST',
    path: `v1/${parent}/gateways`,
    query: { gatewayId },
    body,
  } as const;
  return { operation: await cloud.request({ ...request, answer: OPERATION }), kind: kindOf(GATEWAY) };
}

const TO = { service: 'apigateway' } as const;

function kindOf<T>(response: Reader<T>): OperationKind<T> {
  return { service: 'apigateway', version: 'v1', response };
}
