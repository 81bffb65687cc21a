import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { OAuth2Client } from 'google-auth-library';

export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** `reset` closes the connection without an answer. */
export type Answer =
  | 'reset'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Sent as JSON unless it is a text. */
      readonly body?: unknown;
    };

export interface TestServer extends AsyncDisposable {
  readonly host: string;
  readonly requests: readonly Received[];
}

/** A server on loopback that tests script, and that all endpoint overrides name until it is closed. */
export async function serve(
  answer: (request: Received, number: number) => Answer | Promise<Answer>,
): Promise<TestServer> {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: await text(request) };
    requests.push(received);
    const said = await answer(received, requests.length);
    if (said === 'reset') {
      request.socket.destroy();
      return;
    }
    const { status = 200, body = '' } = said;
    response.writeHead(status, said.headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = ['APIGATEWAY', 'APIKEYS', 'ARTIFACTREGISTRY', 'RUN', 'SERVICEUSAGE'].map(
    (service) => `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`,
  );
  for (const name of names) process.env[name] = `http://${host}/`;
  return {
    host,
    requests,
    async [Symbol.asyncDispose]() {
      for (const name of names) delete process.env[name];
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A real client that has a token already. */
export function signedIn(): OAuth2Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: 'a-token' });
  return client;
}
