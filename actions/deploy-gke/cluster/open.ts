import { cancellation, log, seconds } from '@gangway/action';
import type { SignedIn, TokenClient } from '@gangway/auth';
import { endpoint } from '@gangway/google-cloud';
import { RequestFailure } from '@gangway/http';
import { type Kubernetes, kubernetes } from '@gangway/kubernetes';
import type { Inputs } from '../inputs.ts';
import { type Cluster, readCluster } from './cluster.ts';
import { pickWay, type Way } from './way.ts';

/** A cluster that was found, and the calls to its API server. */
export interface Opened {
  readonly cluster: Cluster;
  readonly projectId: string;
  readonly api: Kubernetes;
  /** For programs that go there by themselves. */
  readonly way: Way;
  readonly client: TokenClient;
}

/** Reads the cluster, and picks the way to its API server, whose calls carry a token that is renewed. */
export async function openCluster(
  { cloud, credentials, projectId: own }: SignedIn,
  { cluster: name, endpoint: asked }: Inputs,
): Promise<Opened> {
  const projectId = name.project ?? own;
  const cluster = await readCluster(cloud, projectId, name);
  const { client } = credentials;
  const way = pickWay(cluster, asked, endpoint('connectgateway', client.universeDomain).href);
  log.info(`Connecting to the cluster ${name.name} through ${way.title}, ${way.server}.`);
  const connection = { server: way.server, ca: way.ca, headers: () => client.getRequestHeaders() };
  const api = kubernetes(connection, {
    signal: cancellation,
    onRetry: ({ error }, delay) =>
      log.info(`Trying again in ${seconds(delay)}: ${error instanceof Error ? error.message : error}`),
  });
  return { cluster, projectId, api: explained(api, way.needs), way, client };
}

/** What has to be so for the way to work, where nothing answers. */
function explained(api: Kubernetes, needs: string): Kubernetes {
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.code !== 'unreachable') throw error;
      const { message, code, tries } = error;
      throw new RequestFailure(message, {
        code,
        hint: needs,
        cause: error,
        ...(tries !== undefined && { tries }),
      });
    }
  };
  return {
    server: api.server,
    request: (request) => told(api.request(request)),
    text: (path, query) => told(api.text(path, query)),
  };
}
