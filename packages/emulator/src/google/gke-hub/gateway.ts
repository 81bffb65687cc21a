import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Context as ContextOf, FleetMember } from '../../contracts.ts';
import { requireCaller } from '../../kernel/access.ts';
import { ApiError, notFound, permissionDenied } from '../../kernel/errors.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { type Route, route } from '../../kernel/http/route.ts';

const API = 'connectgateway.googleapis.com';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** What of a request an API server is to see. */
const ONWARD = ['accept', 'authorization', 'content-type', 'content-length', 'user-agent'];
/** What of its answer the caller is to see. */
const BACK = ['content-type', 'content-length', 'cache-control', 'retry-after', 'warning', 'audit-id'];

type Context = ContextOf<Record<never, never>, 'iam' | 'clusterAccess'>;

/**
 * The Connect gateway: what comes after the name of a member is asked of its API server, as the caller, both ways as it arrives.
 * Members that are clusters of Kubernetes Engine are `gkeMemberships`.
 */
export const gatewayRoutes: readonly Route<Context>[] = METHODS.map((method) =>
  route(
    method,
    '/v1/projects/{project}/locations/{location}/gkeMemberships/{membership}/{path=**}',
    undefined,
    pass,
    { streams: true },
  ),
);

async function pass(call: Call, cloud: Context): Promise<Reply> {
  const caller = requireCaller(call, cloud, API);
  const { project = '', location = '', membership = '' } = call.params;
  const { id, number } = cloud.project;
  const name = `locations/${location}/memberships/${membership}`;
  const resource = `projects/${id}/${name}`;
  const permission = `gkehub.gateway.${call.method.toLowerCase()}`;
  if ((project !== id && project !== number) || !cloud.iam.allows(caller, permission, `projects/${id}`))
    throw permissionDenied(permission, resource);
  const member = cloud.clusterAccess.members().find((one) => one.membership === name);
  if (!member) throw notFound(resource);
  const answer = await ask(member, call).catch((error: Error) => {
    throw new ApiError('UNAVAILABLE', `${resource} can't be reached: ${error.message}`);
  });
  return { status: answer.statusCode ?? 502, headers: some(answer.headers, BACK), body: answer };
}

function ask(member: FleetMember, call: Call): Promise<IncomingMessage> {
  const { method, url, headers, params, stream } = call;
  const prefix = new RegExp(`^.*?/gkeMemberships/${params.membership}`);
  const path = `${url.pathname.replace(prefix, '')}${url.search}`;
  return new Promise((resolve, reject) => {
    const upstream = request(
      `https://${member.endpoint}${path}`,
      { method, ca: member.certificate, headers: some(headers, ONWARD), agent: false },
      resolve,
    );
    upstream.once('error', reject);
    pipeline(stream, upstream).catch(reject);
  });
}

function some(headers: IncomingMessage['headers'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
