import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from '../src/cloud.ts';
import { LOOPBACK, listenAt } from '../src/kernel/forward/listening.ts';

/** What the echo backend says it was asked. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TestBackend {
  readonly origin: string;
  readonly requests: number;
  close(): Promise<void>;
}

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a backend on loopback that answers with what it was asked, unless it is told to behave otherwise. */
export async function startBackend(behave: Behaviour = echo): Promise<TestBackend> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    behave(request, response);
  });
  await listenAt(server, LOOPBACK, 0);
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Calls the cloud's API as the project's owner (or somebody else) and parses the answer. */
export function apiClient(cloud: Cloud, member = 'user:owner@example.com') {
  const { token } = cloud.tokens.issue({ member, memberOf: [] }, 3600);
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${cloud.origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text.startsWith('{') ? JSON.parse(text) : {};
    return { status: response.status, text, json };
  };
  /** Calls and waits for the operation that answers. */
  const finish = async (method: string, path: string, body?: unknown) => {
    const started = await call(method, path, body);
    if (started.status !== 200) throw new Error(`${method} ${path}: ${started.text}`);
    while (true) {
      const { json } = await call('GET', `/${path.split('/')[1]}/${started.json.name}`);
      if (json.done) return json;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { token, call, finish };
}

export const PARENT = '/v1/projects/demo-project/locations';

/** Base64 of a document, in the shape of `openapiDocuments`. */
export function documents(...contents: readonly (string | object)[]) {
  return contents.map((content, index) => ({
    document: {
      path: index === 0 ? 'openapi.yaml' : `openapi-${index}.yaml`,
      contents: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString(
        'base64',
      ),
    },
  }));
}

/** Creates API `api`, a config of the document, gateway `gw`; answers with the gateway's address. */
export async function deployGateway(
  cloud: Cloud,
  document: string | object,
  config = 'config-1',
): Promise<{ url: string; managedService: string }> {
  const { call, finish } = apiClient(cloud);
  const api = await call('GET', `${PARENT}/global/apis/api`);
  if (api.status === 404) await finish('POST', `${PARENT}/global/apis?apiId=api`, {});
  const { managedService } = (await call('GET', `${PARENT}/global/apis/api`)).json;
  await finish('POST', `${PARENT}/global/apis/api/configs?apiConfigId=${config}`, {
    openapiDocuments: documents(document),
  });
  const apiConfig = `projects/demo-project/locations/global/apis/api/configs/${config}`;
  const gateway = await call('GET', `${PARENT}/us-central1/gateways/gw`);
  if (gateway.status === 404)
    await finish('POST', `${PARENT}/us-central1/gateways?gatewayId=gw`, { apiConfig });
  else await finish('PATCH', `${PARENT}/us-central1/gateways/gw?updateMask=apiConfig`, { apiConfig });
  const { defaultHostname } = (await call('GET', `${PARENT}/us-central1/gateways/gw`)).json;
  return { url: `http://${defaultHostname}`, managedService };
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    response.setHeader('content-type', 'application/json');
    response.setHeader('x-backend', 'echo');
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
}
