import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '@gangway/engine';

// needs: openssl

/** A company's proxy: the only way to Google, which is a local cloud behind Google's own host names. */
export interface CompanyProxy extends AsyncDisposable {
  /** What a step behind it has in its environment: nothing of the local cloud's own address. */
  readonly env: Readonly<Record<string, string>>;
  /** `HOST:PORT` of each connection it was asked for, in order. */
  readonly asked: string[];
}

/**
 * Starts a proxy that answers CONNECT (RFC 9110, section 9.3.6) and ends TLS for every host of some domains.
 *
 * @param origin of the local cloud
 * @param overrides the variables that point at the local cloud, which the step is not to have
 * @param domains e.g. `googleapis.com`
 */
export async function startProxy(
  origin: string,
  overrides: readonly string[],
  domains: readonly string[],
): Promise<CompanyProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-proxy-'));
  const { key, certificate: cert } = await selfSigned(domains.map((domain) => `DNS:*.${domain}`));
  const trusted = join(folder, 'cert.pem');
  await writeFile(trusted, cert);

  const google = createTlsServer({ key, cert }, (from, to) => {
    const { method, url } = from;
    const headers = { ...from.headers, 'x-forwarded-proto': 'https' };
    const onward = request(`${origin}${url}`, { method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  });
  const asked: string[] = [];
  const proxy = createServer((_, response) => response.writeHead(405).end());
  const sockets = new Set<Socket>();
  const googlePort = await listen(google);
  proxy.on('connect', ({ url = '' }, client: Socket) => {
    asked.push(url);
    const [host = '', port] = url.split(':');
    const known = domains.some((domain) => host.endsWith(`.${domain}`));
    const target = connect(known ? googlePort : Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
  });
  return {
    asked,
    env: {
      ...Object.fromEntries(overrides.map((name) => [name, ''])),
      HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}`,
      NODE_EXTRA_CA_CERTS: trusted,
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      for (const server of [proxy, google]) await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}
