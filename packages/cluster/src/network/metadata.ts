import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../api.ts';
import { NODE } from '../node-name.ts';
import type { Place } from './doors.ts';

/** Whose request a metadata server has got. */
type Asker = Node | Pod;

/** A program that has the node's own address. */
interface Node {
  readonly kind: 'node';
  /** The node's name. */
  readonly node: string;
}

interface Pod {
  readonly kind: 'pod';
  readonly node: string;
  readonly namespace: string;
  /** Its Kubernetes service account, and what that says of itself. */
  readonly account: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** A token of that account, bound to the pod. */
  token(audience: string): Promise<string>;
}

/** Answers a request to the metadata server. */
export type ServeMetadata = (
  request: IncomingMessage,
  response: ServerResponse,
  asker: Asker,
) => Promise<void>;

/** Milliseconds within which a pod's address must be known, and between looks. */
const PATIENCE = 10_000;
const LOOK = 100;

interface PodItem {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: { readonly serviceAccountName: string; readonly hostNetwork?: boolean };
  readonly status: { readonly podIP?: string; readonly phase?: string };
}

/**
 * Listens where the requests of pods to their metadata server arrive, and says by the address of each whose it is.
 *
 * @param node address of the node
 * @returns what stops it
 * @throws Error when it can't listen
 */
export async function serveMetadata(
  api: Api,
  { address, port }: Place,
  node: string,
  serve: ServeMetadata,
): Promise<{ stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    try {
      const from = request.socket.remoteAddress ?? '';
      const asker = from === node ? ({ kind: 'node', node: NODE } as const) : await soonAt(api, from);
      if (asker) return await serve(request, response, asker);
      response.writeHead(404).end(`No pod has the address ${from}.\n`);
    } catch (error) {
      if (!response.headersSent) response.writeHead(500);
      response.end(`GKE Metadata Server: ${error instanceof Error ? error.message : error}\n`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The kubelet tells of a pod's address a moment after the pod has begun to ask. */
async function soonAt(api: Api, address: string): Promise<Pod | undefined> {
  for (const deadline = Date.now() + PATIENCE; ; await sleep(LOOK)) {
    const pod = await podAt(api, address);
    if (pod || Date.now() > deadline) return pod;
  }
}

/** The pod that has an address now: one that has ended keeps it in its status. */
async function podAt(api: Api, address: string): Promise<Pod | undefined> {
  const selector = encodeURIComponent(`status.podIP=${address}`);
  const { items } = (await api('GET', `/api/v1/pods?fieldSelector=${selector}`)) as {
    items: readonly PodItem[];
  };
  const pod = items.find(
    ({ spec, status: { phase } }) => !spec.hostNetwork && phase !== 'Succeeded' && phase !== 'Failed',
  );
  if (!pod) return undefined;
  const { name, namespace, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}`;
  const { metadata } = (await api('GET', path)) as { metadata: { annotations?: Record<string, string> } };
  return {
    ...{ kind: 'pod', node: NODE, namespace, account, annotations: metadata.annotations ?? {} },
    async token(audience) {
      const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name, uid };
      const made = await api('POST', `${path}/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { audiences: [audience], boundObjectRef, expirationSeconds: 3600 },
      });
      return (made as { status: { token: string } }).status.token;
    },
  };
}
