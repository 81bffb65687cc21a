import { ApiError } from '../errors.ts';
import { type Declaration, prefixOf } from '../service/declaration.ts';
import type { Reply } from './call.ts';
import { isOf } from './dispatch.ts';
import { errorReply } from './reply.ts';

/**
 * What a request for something that the local cloud does not have is answered with: JSON, so that every client shows the words. It is
 * not Google's page, which says nothing of who answered.
 *
 * @param declarations of the services that there are
 */
export function absent(method: string, asked: URL, declarations: readonly Declaration[]): Reply {
  const { hostname, pathname } = asked;
  const owner =
    declarations.find(({ name, hosts = [] }) =>
      [name, ...hosts].some((pattern) => isOf(hostname, pattern)),
    ) ?? declarations.find((declaration) => prefixOf(declaration) === pathname.split('/')[1]);
  const what = `${method} ${pathname.slice(0, 300)}`;
  const message = owner
    ? `The local cloud has no such method of the ${owner.title}: ${what}`
    : `The local cloud has no such API: ${hostname.endsWith('.googleapis.com') ? `${hostname}, ` : ''}${what}`;
  return errorReply(
    new ApiError('NOT_FOUND', message, [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'NOT_IN_THE_LOCAL_CLOUD',
        domain: 'gangway',
      },
    ]),
  );
}
