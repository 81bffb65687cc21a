import { createSocket } from 'node:dgram';
import type { Api } from '../api.ts';
import { A, NO_ERROR, NO_SUCH_NAME, readQuestion, writeAnswer } from './dns-message.ts';
import { METADATA_ADDRESS } from './node-network.ts';

const SERVICE = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc\.cluster\.local$/;
const METADATA = ['metadata', 'metadata.google.internal'];
/** Hosts that the local cloud answers for. */
const CLOUD = /(?:^|\.)(?:googleapis\.com|pkg\.dev|gcr\.io)$/;

interface Slice {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { ready?: boolean };
  }[];
}

/**
 * Serves names to the pods of a cluster: of Services, of the metadata server and of Google's APIs, and no others.
 *
 * @param address at which it listens, and at which the local cloud is
 * @returns what stops it
 * @throws Error when it can't listen
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export async function serveNames(api: Api, address: string): Promise<{ stop(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', async (message, { address: to, port }) => {
    const question = readQuestion(message);
    if (!question) return;
    const found = await addressesOf(api, question.name, address).catch(() => undefined);
    const shown = question.type === A ? (found ?? []) : [];
    socket.send(writeAnswer(question, found ? NO_ERROR : NO_SUCH_NAME, shown), port, to);
  });
  // A client that is gone has its answer come back as an error.
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(53, address, () => resolve());
  });
  return { stop: () => new Promise((resolve) => socket.close(() => resolve())) };
}

/** @returns undefined for a name that there is not */
async function addressesOf(api: Api, name: string, cloud: string): Promise<readonly string[] | undefined> {
  if (METADATA.includes(name)) return [METADATA_ADDRESS];
  if (CLOUD.test(name)) return [cloud];
  const [, service = '', namespace = ''] = SERVICE.exec(name) ?? [];
  if (!service) return undefined;
  const { spec } = (await api('GET', `/api/v1/namespaces/${namespace}/services/${service}`)) as {
    spec: { clusterIP?: string };
  };
  if (spec.clusterIP && spec.clusterIP !== 'None') return [spec.clusterIP];
  const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  const slices = (await api(
    'GET',
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`,
  )) as { items: readonly Slice[] };
  return slices.items.flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap(({ addresses, conditions }) => (conditions?.ready === false ? [] : addresses)),
  );
}
