import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Witness } from '../kernel/http/answered.ts';
import type { Pages } from '../kernel/http/server.ts';
import type { Declaration } from '../kernel/service/declaration.ts';
import { admits, isPage } from './admit.ts';
import { assetOf, headersOf, PAGE } from './assets.ts';
import { callGateway } from './call-gateway.ts';
import { inventoryOf } from './inventory/inventory.ts';
import { logsOf } from './logs.ts';
import { readJson } from './read-json.ts';
import { streamEvents } from './timeline/stream.ts';
import { Timeline } from './timeline/timeline.ts';
import type { View } from './view.ts';

/** Where everything but the page itself is. */
const PREFIX = '/_gangway/console/';

/** The console: a page about a local cloud, for the person who runs it. */
export interface Console {
  readonly pages: Pages;
  readonly witness: Witness;
  /** Lets go of the pages that are open. */
  close(): void;
}

/** Opens the console of a cloud. Nothing is read from disk before somebody looks at it. */
export function openConsole(view: View, catalogue: readonly Declaration[]): Console {
  const timeline = new Timeline({ project: view.project, roles: view.iamAdmin.roles, catalogue });
  return {
    witness: (request, circumstances) => timeline.add(request, circumstances),
    close: () => timeline.close(),
    pages(request, response, asked) {
      const isOurs = asked.pathname.startsWith(PREFIX);
      if (!isOurs && !isPage(request, asked)) return false;
      if (!admits(request, isOurs ? 'data' : 'page')) return false;
      void serve(
        isOurs ? asked.pathname.slice(PREFIX.length) : PAGE,
        { request, response, asked },
        view,
        timeline,
      );
      return true;
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly asked: URL;
}

async function serve(what: string, exchange: Exchange, view: View, timeline: Timeline): Promise<void> {
  const { request, response, asked } = exchange;
  try {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    switch (`${method} ${what}`) {
      case 'GET api/inventory':
        return json(response, 200, inventoryOf(view));
      case 'GET api/logs':
        return json(response, 200, await logsOf(view, asked.searchParams.get('of') ?? ''));
      case 'GET api/events':
        return streamEvents(request, response, timeline);
      case 'POST api/call':
        return json(response, 200, await callGateway(view, await readJson(request)));
    }
    const asset = method === 'GET' ? await assetOf(what) : undefined;
    if (!asset) return json(response, 404, { error: `The console has no ${method} ${what}.` });
    response.writeHead(200, { ...asset.headers, 'content-length': String(asset.content.length) });
    response.end(request.method === 'HEAD' ? undefined : asset.content);
  } catch (error) {
    const { message } = error as Error;
    if (response.headersSent) response.destroy();
    else json(response, 400, { error: message });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, headersOf('application/json; charset=utf-8')).end(JSON.stringify(body));
}
