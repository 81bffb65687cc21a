import type { Report } from '../../diagnostic.ts';
import { asObject, asText, type JsonObject, own, sameJson } from '../../json.ts';
import { type Backend, backendFrom, originOf } from '../../model/backends/backend.ts';
import type { Plan } from '../../model/plan.ts';
import type { Route } from '../../model/routes/route.ts';
import { below } from '../../place.ts';

/** The backends of a document by name, and which of them the root and each operation use. */
export interface NamedBackends {
  readonly backends: JsonObject;
  readonly root: string | undefined;
  readonly of: ReadonlyMap<Route, string>;
}

const BACKENDS = '#/x-google-api-management/backends';

/** Gives every backend of a plan a name, equal ones the same; names of the document are kept. */
export function nameBackends(plan: Plan, report: Report): NamedBackends {
  const backends: JsonObject = {};
  const define = (backend: Backend, wanted: string): string => {
    const fields = writeBackend(backend);
    for (let nth = 1; ; nth += 1) {
      const name = nth === 1 ? wanted : `${wanted}-${nth}`;
      if (sameJson(own(backends, name), fields)) return name;
      if (own(backends, name) !== undefined) continue;
      backends[name] = fields;
      return name;
    }
  };
  const root =
    plan.backend?.address === undefined ? undefined : define(plan.backend, plan.backend.name ?? 'backend');
  const of = new Map<Route, string>();
  for (const route of plan.routes) {
    if (route.backend === undefined) continue;
    // A backend without an address only adjusts the root's, which OpenAPI 3 cannot say but by a backend of its own.
    const backend =
      route.backend.address === undefined ? adjusted(plan.backend, route.backend) : route.backend;
    if (backend.address === undefined) continue;
    of.set(route, define(backend, route.backend.name ?? `backend-${route.operationId}`));
  }
  const defined =
    asObject(own(asObject(own(plan.document.root, 'x-google-api-management')), 'backends')) ?? {};
  for (const [name, fields] of Object.entries(defined)) {
    if (own(backends, name) !== undefined) continue;
    const backend = backendFrom(asObject(fields) ?? {});
    if (backend.address === undefined)
      report('backend-invalid', below(BACKENDS, name), `The backend ${name} has no address.`);
    else backends[name] = writeBackend(backend);
  }
  return { backends, root, of };
}

/** One backend with the wishes of another. Of the audience and its absence, each puts an end to the other. */
function adjusted(base: Backend | undefined, wishes: Backend): Backend {
  const { jwtAudience, disableAuth, ...rest } = base ?? {};
  const said = wishes.jwtAudience !== undefined || wishes.disableAuth !== undefined;
  return {
    ...rest,
    ...(said || jwtAudience === undefined ? {} : { jwtAudience }),
    ...(said || disableAuth === undefined ? {} : { disableAuth }),
    ...wishes,
  };
}

function writeBackend(backend: Backend): JsonObject {
  const { name: _, ...fields } = backend;
  return complete({ ...fields } as JsonObject);
}

/** Google wants one of jwtAudience and disableAuth: https://cloud.google.com/api-gateway/docs/oasv3-extensions */
function complete(fields: JsonObject): JsonObject {
  const address = asText(fields.address);
  const said = fields.jwtAudience !== undefined || fields.disableAuth !== undefined;
  const { address: _, jwtAudience, disableAuth, ...rest } = fields;
  return {
    ...(address === undefined ? {} : { address }),
    ...(said || address === undefined ? {} : { jwtAudience: originOf(address) }),
    ...(jwtAudience === undefined ? {} : { jwtAudience }),
    ...(disableAuth === undefined ? {} : { disableAuth }),
    ...rest,
  };
}
