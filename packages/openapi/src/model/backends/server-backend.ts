import type { Report } from '../../diagnostic.ts';
import { asList, asObject, asText, own } from '../../json.ts';
import type { EmitOptions } from '../../options.ts';
import { below } from '../../place.ts';
import type { ApiDocument } from '../document.ts';
import type { Draft } from '../draft.ts';
import { type Backend, originOf } from './backend.ts';
import { substituted } from './server.ts';

/**
 * `servers` of an operation or a path say that it is served elsewhere than the rest. Where that is another host, the
 * gateway can send its requests there; the servers of the whole document say nothing about where the backend is.
 */
export function serverBackend(
  document: ApiDocument,
  { operation, place, item, method, path }: Draft,
  options: EmitOptions,
  report: Report,
): Backend | undefined {
  if (document.version === '2.0') return undefined;
  const holder = own(operation, 'servers') === undefined ? item : { object: operation, place };
  const servers = own(holder.object, 'servers');
  if (servers === undefined) return undefined;
  const at = below(holder.place, 'servers');
  const label = `${method.toUpperCase()} ${path}`;
  const known = new Set(urlsOf(own(document.root, 'servers')).map(originOf));
  const urls = urlsOf(servers);
  const address = urls.find((url) => isBackend(url) && !known.has(originOf(url)))?.replace(/\/+$/, '');
  if (address === undefined || originOf(address) === originOf(options.backend?.address ?? '')) {
    report(
      'servers-dropped',
      at,
      `The servers of ${label}, ${urls.join(', ')}, are not used: it goes where the rest goes.`,
    );
    return undefined;
  }
  report('server-as-backend', at, `${label} goes to ${address}, as its servers say.`);
  return { address, jwtAudience: originOf(address), pathTranslation: 'APPEND_PATH_TO_ADDRESS' };
}

function urlsOf(servers: Parameters<typeof asList>[0]): string[] {
  return asList(servers).flatMap((server) => {
    const object = asObject(server);
    return object === undefined || asText(object.url) === undefined ? [] : [substituted(object)];
  });
}

/** Backends are reached by https, at a name that others know too. */
function isBackend(url: string): boolean {
  return /^https:\/\/[^/?#{}\s:@]+(\/[^?#{}\s]*)?$/i.test(url) && !/^https:\/\/(localhost|127\.)/i.test(url);
}
