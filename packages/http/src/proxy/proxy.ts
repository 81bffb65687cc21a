import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { failureOf, RequestFailure, wordsOf } from '../failure.ts';
import { isTransientStatus } from '../retry.ts';
import { type ProxySetting, proxyFor } from './proxy-setting.ts';

/** Milliseconds that a proxy may take to open a way. */
const PATIENCE = 30_000;

const direct = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
const tunnels = new Map<string, HttpAgent>();

/**
 * What a request goes through: connections of its own, or those of the proxy that the environment names. The proxy is asked for a
 * tunnel (CONNECT) for http too.
 *
 * @param kept whether it may be one that an earlier request used
 * @throws RequestFailure `proxy` when the environment names a proxy that is none
 */
export function agentFor(url: URL, kept: boolean): HttpAgent | false {
  const secure = url.protocol === 'https:';
  const proxy = proxyFor(url);
  if (!proxy) return kept && direct[secure ? 'https:' : 'http:'];
  if (!kept) return tunnelAgent(proxy, secure, false);
  const key = `${url.protocol} ${proxy.variable} ${proxy.url.href}`;
  const known = tunnels.get(key) ?? tunnelAgent(proxy, secure, true);
  tunnels.set(key, known);
  return known;
}

/** Connections by way of a proxy, which are kept like any other where they may be. */
function tunnelAgent(proxy: ProxySetting, secure: boolean, keepAlive: boolean): HttpAgent {
  const agent = secure ? new HttpsAgent({ keepAlive }) : new HttpAgent({ keepAlive });
  agent.createConnection = (options, done) => {
    const { host, port } = options as { host?: string | null; port?: number | string | null };
    const name = host ?? 'localhost';
    openTunnel(proxy, `${name.includes(':') ? `[${name}]` : name}:${port}`).then(
      (socket) => {
        const servername = isIP(name) ? {} : { servername: name };
        done?.(null, secure ? tlsConnect({ ...(options as object), ...servername, socket }) : socket);
      },
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}

/** Asks a proxy for the way to `HOST:PORT` (RFC 9110, section 9.3.6). */
function openTunnel(proxy: ProxySetting, target: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { protocol, hostname, port, username, password } = proxy.url;
    const host = hostname.replace(/^\[|\]$/g, '');
    const user = Buffer.concat([decoded(username), Buffer.from(':'), decoded(password)]);
    const ask = protocol === 'https:' ? httpsRequest : httpRequest;
    const request = ask({
      host,
      port: port || (protocol === 'https:' ? 443 : 80),
      // Else it would be the target's, by the header; an address has none.
      servername: isIP(host) ? '' : host,
      method: 'CONNECT',
      path: target,
      agent: false,
      timeout: PATIENCE,
      headers: {
        host: target,
        ...(user.length > 1 && { 'proxy-authorization': `Basic ${user.toString('base64')}` }),
      },
    });
    request.once('connect', (answer: IncomingMessage, socket: Socket, head: Buffer) => {
      const { statusCode = 0 } = answer;
      if (statusCode >= 200 && statusCode <= 299) {
        socket.setTimeout(0);
        if (head.length > 0) socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(refused(proxy, target, answer));
    });
    request.once('response', (answer) => {
      answer.destroy();
      reject(refused(proxy, target, answer));
    });
    request.once('timeout', () => request.destroy(gone('it does not answer', 'ETIMEDOUT')));
    request.on('error', (cause) => reject(unreachable(proxy, target, cause)));
    request.once('close', () => reject(unreachable(proxy, target, gone('it hung up', 'ECONNRESET'))));
    request.end();
  });
}

/** What a part of a URL stands for; a `%` that begins no escape is one, as with curl. */
function decoded(part: string): Buffer {
  const bytes = part.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function gone(message: string, code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

function unreachable({ url, variable }: ProxySetting, target: string, error: Error): RequestFailure {
  const { code, message } = wordsOf(error);
  const failure = failureOf(error, `CONNECT ${target}`);
  const isTls = failure.code === 'tls';
  return new RequestFailure(
    `The proxy ${url.host} could not connect to ${target}: ${isTls ? 'its TLS certificate or connection is not good: ' : ''}${message} (${code || 'no code'}).`,
    {
      code: isTls ? 'tls' : 'proxy',
      hint: isTls
        ? `let Node trust the proxy's certificate with NODE_EXTRA_CA_CERTS, and name the proxy in ${variable} as its certificate does; write http:// there if the proxy itself speaks no TLS`
        : `check ${variable}, and whether the proxy runs; hosts that need none go in NO_PROXY`,
      cause: error,
      ...(failure.tries !== undefined && { tries: failure.tries }),
    },
  );
}

function refused(
  { url, variable }: ProxySetting,
  target: string,
  { statusCode = 0, statusMessage = '' }: IncomingMessage,
): RequestFailure {
  return new RequestFailure(
    `The proxy ${url.host} refused to connect to ${target}: ${statusCode} ${statusMessage.slice(0, 100)}`.trim(),
    {
      code: 'proxy',
      hint:
        statusCode === 407
          ? `write the user and the password that it asks for into ${variable}: http://USER:PASSWORD@HOST:PORT`
          : 'have the host allowed on the proxy, or put it in NO_PROXY if it can be reached without',
      ...(!isTransientStatus(statusCode) && { tries: 1 }),
    },
  );
}
