import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSigned } from '@gangway/engine';
import { createApi } from './api.ts';
import { startControllers, startControlPlane } from './control-plane.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { type NetworkOptions, startNetwork } from './network/network.ts';
import { freeSegment } from './network/segment.ts';
import { startNode } from './node.ts';
import type { NodeRegistry } from './node-registry.ts';
import { placePods } from './placement.ts';
import { freePort } from './port.ts';
import type { Process } from './process.ts';
import { waitUntil } from './wait-until.ts';

export interface ClusterOptions {
  /** A Debian with containerd and runc, whose files are left as they are. */
  readonly root: string;
  /** For all that the cluster writes, made here and removed when it stops. */
  readonly directory: string;
  /** Docker archives of the images that pods may have: no registry is asked for those. */
  readonly images: readonly string[];
  /** Address of loopback at which the API server answers; default 127.0.0.1. */
  readonly address?: string;
  /** Its port; default a free one. */
  readonly port?: number;
  /** Who says whom a token stands for, and what its bearer may do beside what RBAC allows. */
  readonly webhooks?: Webhooks;
  /** The registry that its node pulls images from, in place of others. */
  readonly registry?: NodeRegistry;
  /** Gives pods a network and addresses of their own, and Services theirs; default: pods have this machine's network. */
  readonly network?: NetworkOptions;
}

/** Webhooks of the API server (https://kubernetes.io/docs/reference/access-authn-authz/webhook/). */
interface Webhooks {
  /** URL that takes a TokenReview. */
  readonly authenticate: string;
  /** URL that takes a SubjectAccessReview. */
  readonly authorize: string;
  /** Password that they are shown. */
  readonly token: string;
}

/** A Kubernetes cluster of one node. */
export interface Cluster extends AsyncDisposable {
  /** Path of the kubeconfig of an administrator. */
  readonly kubeconfig: string;
  /** Path of that of the user `guest`, who may do nothing. */
  readonly guestKubeconfig: string;
  /** Where its API server answers, e.g. `https://127.0.0.1:6443`. */
  readonly server: string;
  /** The authority that its certificate is checked by, PEM. */
  readonly certificate: string;
  /** The tokens in the kubeconfigs. */
  readonly tokens: readonly string[];
  /**
   * What the API server was asked so far, oldest first, as lines of JSON.
   * @see https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
   */
  audit(): Promise<string>;
  /**
   * Sends a request to the API server as its administrator.
   * @throws Error with what it says when it refuses
   */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
}

/**
 * Starts a Kubernetes cluster on this machine, of programs on PATH: etcd, API server and controller manager on loopback, and
 * a node with containerd and a kubelet in namespaces of its own, of which nothing is left when it stops. Pods run on the one node without a
 * scheduler. They have the host's network, so that they reach what listens on loopback, or one of their own, with kube-proxy.
 *
 * @throws Error with the end of a log when a part does not start
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { root, directory, images, webhooks, registry, network, address = '127.0.0.1' } = options;
  const runs = join(directory, 'node');
  await mkdir(runs, { recursive: true });
  const segment = network && freeSegment();
  const inside = segment
    ? ['DNS:kubernetes.default.svc', `IP:${segment.machine}`, `IP:${segment.kubernetes}`]
    : [];
  const tls = await selfSigned(['DNS:localhost', 'IP:127.0.0.1', `IP:${address}`, ...inside]);
  const [key, certificate] = [join(runs, 'tls.key'), join(runs, 'tls.crt')];
  await writeFile(key, tls.key, { mode: 0o600 });
  await writeFile(certificate, tls.certificate);
  const [admin, guest] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const tokens = join(directory, 'tokens.csv');
  await writeFile(tokens, `${admin},admin,1,system:masters\n${guest},guest,2\n`, { mode: 0o600 });

  const server = `https://${address}:${options.port ?? (await freePort(address))}`;
  const kubeconfig = await writeKubeconfig(join(runs, 'kubeconfig'), server, tls.certificate, admin);
  const nodeServer = segment ? `https://${segment.machine}` : server;
  await writeKubeconfig(join(runs, 'node-kubeconfig'), nodeServer, tls.certificate, admin);
  const guestKubeconfig = await writeKubeconfig(join(directory, 'guest'), server, tls.certificate, guest);
  const processes: Process[] = [];
  let ways: { stop(): Promise<void> } | undefined;
  const stop = async () => {
    await ways?.stop();
    for (const one of processes.reverse()) await one.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const asked = webhooks && (await writeWebhooks(directory, webhooks));
    const policy = join(directory, 'audit-policy');
    await writeFile(policy, JSON.stringify(AUDIT));
    const audit = { policy, log: join(directory, 'audit.log') };
    const issued = network && segment && { ...segment, issuer: network.issuer };
    const plane = {
      directory,
      server,
      key,
      certificate,
      tokens,
      kubeconfig,
      audit,
      network: issued,
      ...asked,
    };
    processes.push(...(await startControlPlane(plane)));
    const api = createApi(server, tls.certificate, admin);
    await waitUntil(processes, async () => (await api('GET', '/readyz')) === 'ok');
    processes.push(startControllers(plane));
    const node = await startNode({ root, runs, images, registry, segment });
    processes.push(node);
    if (network && segment) ways = await startNetwork(api, server, segment, network, () => node.check());
    await placePods(api, processes, segment !== undefined);
    return {
      ...{ server, kubeconfig, guestKubeconfig, api },
      certificate: tls.certificate,
      audit: () => readFile(audit.log, 'utf8'),
      tokens: [admin, guest],
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Who asked what, and nothing of what was sent. */
const AUDIT = {
  ...{ apiVersion: 'audit.k8s.io/v1', kind: 'Policy' },
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'None', userGroups: ['system:masters'] }, { level: 'Metadata' }],
};

/** Writes how the API server reaches its webhooks: without TLS it sends no token, but what its URL has for a user. */
async function writeWebhooks(directory: string, { authenticate, authorize, token }: Webhooks) {
  const write = (name: string, address: string) => {
    const url = new URL(address);
    Object.assign(url, { username: 'apiserver', password: token });
    return writeKubeconfig(join(directory, name), url.href, undefined, '');
  };
  return {
    authenticate: await write('authenticate', authenticate),
    authorize: await write('authorize', authorize),
  };
}
