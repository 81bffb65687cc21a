import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type EngineConnection, EngineError } from '../../../../docker/connection.ts';
import { pass, passUpgrade } from '../../../../docker/pass.ts';
import { API_LIMIT, readBody } from '../../../../kernel/http/request-body.ts';
import type { ContainerLogs } from '../logs/container-logs.ts';
import { createdAs, type Place } from './created.ts';
import { OwnContainers } from './own-containers.ts';
import { type Ports, Publishing } from './publishing.ts';
import { inward, outward, whole } from './references.ts';
import { Refused } from './refused.ts';

const VERSION = /^\/v\d[\d.]*(?=\/)/;
/** What is passed on as it is: nothing of it is another's. */
const FREE = /^\/(?:_ping|version|info|auth)$/;

/**
 * The Docker engine as a machine finds it: its own containers, volumes and images alone. The engine is this machine's, which others use too; images that
 * they have pulled are not there for this one.
 */
export class MachineDocker {
  readonly server: Server;
  readonly #engine: EngineConnection;
  readonly #place: Place;
  readonly #publishing: Publishing;
  readonly #own: OwnContainers;
  readonly #logs: ContainerLogs;
  readonly #images = new Set<string>();

  constructor(engine: EngineConnection, place: Place, ports: Ports, logs: ContainerLogs) {
    this.#engine = engine;
    this.#place = place;
    this.#publishing = new Publishing(engine, ports);
    this.#own = new OwnContainers(engine, place);
    this.#logs = logs;
    this.server = createServer({ requestTimeout: 0 }, (request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        const status =
          error instanceof EngineError ? error.status : error instanceof Refused ? error.status : 400;
        answer(response, status, { message: error instanceof Error ? error.message : String(error) });
      });
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head).catch(() => socket.destroy());
    });
  }

  /** What the engine has pulled for this machine. */
  get images(): readonly string[] {
    return [...this.#images].map((one) => outward(one, this.#place.registry));
  }

  /** Starts those containers again that are to be up whenever the machine is. */
  async restore(): Promise<void> {
    for (const id of await this.#own.lasting()) await this.#start(id).catch(() => undefined);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', 'http://docker');
    const version = VERSION.exec(url.pathname)?.[0] ?? '';
    const path = decodeURIComponent(url.pathname.slice(version.length));
    const on = (to: string) => {
      request.url = `${version}${to}${url.search}`;
      pass(this.#engine, request, response);
    };
    if (FREE.test(path)) return on(path);
    if (method === 'POST' && path === '/images/create') return this.#pull(request, response, url, version);
    if (method === 'POST' && path === '/containers/create')
      return this.#create(request, response, url, version);
    if (path === '/containers/json') {
      const filters = JSON.parse(url.searchParams.get('filters') ?? '{}') as Record<string, unknown>;
      const labels = Array.isArray(filters.label)
        ? filters.label
        : Object.keys((filters.label ?? {}) as object);
      url.searchParams.set(
        'filters',
        JSON.stringify({ ...filters, label: [...labels, ...this.#own.labels] }),
      );
      return this.#shown(response, 'GET', `${version}${path}${url.search}`);
    }
    const [, image, verb = ''] = /^\/images\/(.+?)(\/json|\/history)?$/.exec(path) ?? [];
    if (image !== undefined && image !== 'json') return this.#image(method, image, verb, response, version);
    if (path === '/images/json') return answer(response, 200, []);
    const [, volume] = /^\/volumes\/([^/]+)$/.exec(path) ?? [];
    if (volume !== undefined && volume !== 'create') return on(`/volumes/${this.#place.prefix}-${volume}`);
    if (method === 'POST' && path === '/volumes/create') return this.#volume(request, response, version);
    const [, name, rest = ''] = /^\/containers\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (name !== undefined)
      return this.#container(method, await this.#own.idOf(name), rest, request, response, url, version);
    const [, exec] = /^\/exec\/([0-9a-f]+)\/(?:json|resize|start)$/.exec(path) ?? [];
    if (exec !== undefined) return on(path);
    throw new Refused(501, `The local cloud's machines have no ${method} ${path} of Docker's API.`);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://docker');
    const [, before = '', name, rest = ''] =
      /^((?:\/v\d[\d.]*)?\/containers\/)([^/]+)(\/attach)$/.exec(url.pathname) ?? [];
    const isExec = /^(?:\/v\d[\d.]*)?\/exec\/[0-9a-f]+\/start$/.test(url.pathname);
    if (name === undefined && !isExec)
      return void socket.end('HTTP/1.1 501 Not Implemented\r\nconnection: close\r\n\r\n');
    if (name !== undefined) request.url = `${before}${await this.#own.idOf(name)}${rest}${url.search}`;
    passUpgrade(this.#engine, request, socket, head);
  }

  async #pull(request: IncomingMessage, response: ServerResponse, url: URL, version: string): Promise<void> {
    const name = url.searchParams.get('fromImage') ?? '';
    const tag = url.searchParams.get('tag') ?? '';
    if (name === '') throw new Refused(501, "The local cloud's machines import no images.");
    url.searchParams.set('fromImage', outward(name, this.#place.registry));
    const reference = whole(tag === '' ? name : `${name}${tag.includes(':') ? '@' : ':'}${tag}`);
    const headers =
      request.headers['x-registry-auth'] === undefined
        ? {}
        : { 'x-registry-auth': String(request.headers['x-registry-auth']) };
    const progress = await this.#engine.read('POST', `${version}/images/create${url.search}`, {
      headers,
      limit: Number.POSITIVE_INFINITY,
    });
    const text = inward(progress.toString('utf8'), this.#place.registry);
    if (!/"error":/.test(text)) this.#images.add(reference);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(text);
  }

  async #create(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    version: string,
  ): Promise<void> {
    const asked = JSON.parse((await readBody(request, response, API_LIMIT)).toString('utf8')) as Record<
      string,
      unknown
    >;
    const reference = whole(String(asked.Image));
    if (!this.#images.has(reference)) throw new Refused(404, `No such image: ${reference}`);
    const { body, published, log } = createdAs(asked, this.#place);
    const name = url.searchParams.get('name');
    if (name) url.searchParams.set('name', `${this.#place.prefix}-${name}`);
    const made = await this.#engine
      .json('POST', `${version}/containers/create${url.search}`, body)
      .catch((error: unknown) => {
        throw error instanceof EngineError ? new Refused(error.status, this.#told(error.message)) : error;
      });
    const { Id: id } = made as { Id: string };
    this.#publishing.note(id, published);
    this.#logs.note({ ...log, ...(await this.#own.described(id)), image: reference });
    answer(response, 201, made);
  }

  async #container(
    method: string,
    id: string,
    rest: string,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    version: string,
  ): Promise<void> {
    if (method === 'POST' && rest === '/start') {
      await this.#start(id);
      response.writeHead(204).end();
    } else if (method === 'POST' && rest === '/restart') {
      await this.#engine.drain('POST', `/containers/${id}/stop${url.search}`, {
        tolerated: [304],
        limit: Number.POSITIVE_INFINITY,
      });
      await this.#start(id);
      response.writeHead(204).end();
    } else if (method === 'POST' && rest === '/rename')
      throw new Refused(501, "The local cloud's machines rename no containers.");
    else if (method === 'GET' && rest === '/json')
      await this.#shown(response, 'GET', `${version}/containers/${id}/json${url.search}`);
    else {
      request.url = `${version}/containers/${id}${rest}${url.search}`;
      pass(this.#engine, request, response);
    }
  }

  async #start(id: string): Promise<void> {
    try {
      await this.#logs.prepare(id);
      await this.#publishing.start(id);
    } catch (error) {
      throw new Refused(500, this.#told(error instanceof Error ? error.message : String(error)));
    }
    this.#logs.follow(id);
  }

  async #image(
    method: string,
    name: string,
    verb: string,
    response: ServerResponse,
    version: string,
  ): Promise<void> {
    const reference = whole(name);
    const isOwn = this.#images.has(reference) || /^(?:sha256:)?[0-9a-f]{12,64}$/.test(name);
    if (!isOwn) throw new Refused(404, `No such image: ${reference}`);
    if (method === 'DELETE') {
      this.#images.delete(reference);
      return answer(response, 200, [{ Untagged: reference }]);
    }
    await this.#shown(response, method, `${version}/images/${outward(name, this.#place.registry)}${verb}`);
  }

  async #volume(request: IncomingMessage, response: ServerResponse, version: string): Promise<void> {
    const asked = JSON.parse((await readBody(request, response, API_LIMIT)).toString('utf8')) as Record<
      string,
      unknown
    >;
    const body = {
      ...asked,
      Name: `${this.#place.prefix}-${asked.Name}`,
      Labels: { ...(asked.Labels as object), ...this.#place.labels },
    };
    answer(
      response,
      201,
      JSON.parse(
        this.#told(JSON.stringify(await this.#engine.json('POST', `${version}/volumes/create`, body))),
      ),
    );
  }

  /** An answer of the engine's in the machine's words. */
  async #shown(response: ServerResponse, method: string, path: string): Promise<void> {
    const text = (await this.#engine.read(method, path)).toString('utf8');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(this.#told(text));
  }

  #told(text: string): string {
    return inward(text, this.#place.registry).replaceAll(`${this.#place.prefix}-`, '');
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
