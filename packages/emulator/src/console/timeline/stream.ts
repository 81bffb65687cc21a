import type { IncomingMessage, ServerResponse } from 'node:http';
import { headersOf } from '../assets.ts';
import type { TimelineEvent } from './event.ts';
import type { Timeline } from './timeline.ts';

/** Milliseconds between comments that show both sides that the other is there. */
const HEARTBEAT = 15_000;
/** Bytes that a page may be behind; it is then cut off, and comes back with the last event that it has. */
const MOST_BEHIND = 8 * 1024 * 1024;

/**
 * Sends a page the timeline as it grows (https://html.spec.whatwg.org/multipage/server-sent-events.html): what it has not seen, as its
 * `Last-Event-ID` says, and then each event as it happens.
 */
export function streamEvents(request: IncomingMessage, response: ServerResponse, timeline: Timeline): void {
  response.writeHead(200, headersOf('text/event-stream; charset=utf-8'));
  const [name, seen] = String(request.headers['last-event-id'] ?? '').split('/');
  // One that was started again counts from 1: what the page has is of another timeline.
  const goesOn = name === timeline.name;
  const message = (events: readonly TimelineEvent[], isFresh: boolean) => {
    const last = events.at(-1)?.id ?? 0;
    return `id: ${timeline.name}/${last}\ndata: ${JSON.stringify({ events, isFresh })}\n\n`;
  };
  response.write(`retry: 1000\n${message(timeline.after(goesOn ? Number(seen) || 0 : 0), !goesOn)}`);
  const stop = timeline.follow((event) => {
    if (!event) return void response.end();
    if (response.writableLength > MOST_BEHIND) return void response.destroy();
    response.write(message([event], false));
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT);
  heartbeat.unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}
