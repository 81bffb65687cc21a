import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { RequestFailure } from './failure.ts';
import { isTransientStatus } from './retry.ts';

/** Milliseconds that a proxy may take to open a way. */
const PATIENCE = 30_000;

const direct = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
const tunnels = new Map<string, HttpAgent>();

/**
 * What a request goes through: connections of its own, or those of the proxy that HTTPS_PROXY or HTTP_PROXY name, as curl
 * reads them; NO_PROXY is heeded. The proxy is asked for a tunnel (CONNECT) for http too.
 *
 * @param kept whether it may be one that an earlier request used; those through a proxy may always
 */
export function agentFor(url: URL, kept: boolean): HttpAgent | false {
  const secure = url.protocol === 'https:';
  const proxy = proxyFor(url);
  if (!proxy) return kept && direct[secure ? 'https:' : 'http:'];
  const key = `${url.protocol} ${proxy.href}`;
  const known = tunnels.get(key) ?? tunnelAgent(proxy, secure);
  tunnels.set(key, known);
  return known;
}

function proxyFor(url: URL): URL | undefined {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = process.env;
  const named = HTTPS_PROXY || https_proxy || HTTP_PROXY || http_proxy;
  if (!named || isSpared(url)) return undefined;
  const proxy = URL.parse(/^\w+:\/\//.test(named) ? named : `http://${named}`);
  if (proxy && /^https?:$/.test(proxy.protocol)) return proxy;
  throw new RequestFailure('The environment variable HTTPS_PROXY is no URL of an http or https proxy.', {
    code: 'proxy',
    tries: 1,
    hint: 'write http://HOST:PORT, or unset it',
  });
}

/** Whether NO_PROXY names a host: itself, with its port, a domain above it, or everything by `*`. */
function isSpared({ hostname, host, origin }: URL): boolean {
  const rules = (process.env.NO_PROXY ?? process.env.no_proxy ?? '').split(/[\s,]+/).filter(Boolean);
  const bare = hostname.replace(/^\[|\]$/g, '');
  return rules.some((rule) => {
    if (rule === '*' || rule === origin || rule === host || rule === hostname || rule === bare) return true;
    const domain = rule.toLowerCase().replace(/^\*?\./, '');
    return domain !== '' && !isIP(bare) && hostname.endsWith(`.${domain}`);
  });
}

/** Connections by way of a proxy, which are kept like any other. */
function tunnelAgent(proxy: URL, secure: boolean): HttpAgent {
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
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
function openTunnel(proxy: URL, target: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const user = decodeURIComponent(`${proxy.username}:${proxy.password}`);
    const ask = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = ask({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      agent: false,
      timeout: PATIENCE,
      headers: {
        host: target,
        ...(user !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
      },
    });
    request.once('connect', (answer: IncomingMessage, socket: Socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(refused(proxy, target, answer));
    });
    request.once('response', (answer) => {
      answer.destroy();
      reject(refused(proxy, target, answer));
    });
    request.once('timeout', () => request.destroy(gone('it does not answer', 'ETIMEDOUT')));
    request.once('error', (cause: NodeJS.ErrnoException) => reject(unreachable(proxy, target, cause)));
    request.once('close', () => reject(unreachable(proxy, target, gone('it hung up', 'ECONNRESET'))));
    request.end();
  });
}

function gone(message: string, code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

function unreachable(proxy: URL, target: string, cause: NodeJS.ErrnoException): RequestFailure {
  return new RequestFailure(
    `The proxy ${proxy.host} opened no way to ${target}: ${cause.message} (${cause.code ?? 'no code'}).`,
    {
      code: 'proxy',
      hint: 'check HTTPS_PROXY, and whether the proxy runs; hosts that need none go in NO_PROXY',
      cause,
    },
  );
}

function refused(
  proxy: URL,
  target: string,
  { statusCode = 0, statusMessage = '' }: IncomingMessage,
): RequestFailure {
  return new RequestFailure(
    `The proxy ${proxy.host} refused the way to ${target}: ${statusCode} ${statusMessage.slice(0, 100)}`.trim(),
    {
      code: 'proxy',
      hint:
        statusCode === 407
          ? 'write the user and the password that it asks for into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT'
          : 'have the host allowed on the proxy, or put it in NO_PROXY if it can be reached without',
      ...(!isTransientStatus(statusCode) && { tries: 1 }),
    },
  );
}
