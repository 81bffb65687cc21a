import type { Report } from '../../diagnostic.ts';
import {
  asList,
  asObject,
  asText,
  extensionsOf,
  type Json,
  type JsonObject,
  own,
  versionOf,
} from '../../json.ts';
import { substituted } from '../../model/backends/server.ts';
import { reportLost, words } from '../../model/losses.ts';
import type { Plan } from '../../model/plan.ts';
import type { Route } from '../../model/routes/route.ts';
import { writeTemplate } from '../../model/routes/template.ts';
import { below, ROOT } from '../../place.ts';
import { type NamedBackends, nameBackends } from './backends.ts';
import { writeManagement } from './management.ts';
import { writeParameters } from './parameter.ts';
import { type References, referencesOf } from './references.ts';
import { securityOf, securitySchemes } from './security.ts';
import { inWordsOf31, writeVersion } from './version.ts';

/** Keys of the root that are written again, or that a gateway has no use for. */
const OWN_KEYS = new Set(
  'openapi info servers security x-security paths components webhooks x-google-api-management x-google-management x-google-api-name x-google-backend x-google-allow x-google-endpoints'.split(
    ' ',
  ),
);

/** A plan for a 3.x document in Google's dialect: https://cloud.google.com/api-gateway/docs/oasv3-extensions */
export function writeOpenapi3(plan: Plan, report: Report): JsonObject {
  const { root } = plan.document;
  const references = referencesOf(plan.document, report);
  const named = nameBackends(plan, report);
  const paths = writePaths(plan, named, references, report);
  const servers = writeServers(plan);
  const components: JsonObject = { ...references.components() };
  const schemes = securitySchemes(plan.schemes, report);
  if (Object.keys(schemes).length > 0) components.securitySchemes = schemes;
  const written = asObject(own(root, 'components'));
  if (written !== undefined)
    reportLost(written, COMPONENTS, 'the components', '#/components', report, 'lost');
  if (own(root, 'webhooks') !== undefined) {
    report('field-dropped', below(ROOT, 'webhooks'), 'Webhooks are not called through the gateway.');
  }
  const management = writeManagement(plan, report);
  const emitted: JsonObject = {
    info: writeInfo(references.rewrite(own(root, 'info') ?? {}, '#/info')),
    ...(servers.length === 0 ? {} : { servers: references.rewrite(servers, below(ROOT, 'servers')) }),
    'x-google-api-management': { ...management, backends: named.backends },
    ...(named.root === undefined ? {} : { 'x-google-backend': named.root }),
    ...writeRest(root, references),
    paths,
    ...(Object.keys(components).length === 0 ? {} : { components }),
  };
  const version = writeVersion(plan.document, emitted, report);
  const isRaised = plan.document.version === '3.0' && version.startsWith('3.1');
  return { openapi: version, ...(isRaised ? asObject(inWordsOf31(emitted)) : emitted) };
}

/** Components that are emitted, or that stand in what is. */
const COMPONENTS = words(
  'schemas responses parameters examples requestBodies headers links securitySchemes pathItems',
);

/** The fields that a gateway has no opinion of. In a valid document they hold no references. */
function writeRest(root: JsonObject, references: References): JsonObject {
  const rest = Object.entries(root).filter(([key]) => !OWN_KEYS.has(key));
  return Object.fromEntries(
    rest.map(([key, value]) => [
      key,
      key.startsWith('x-') ? value : references.rewrite(value, below(ROOT, key)),
    ]),
  );
}

function writeInfo(value: Json | undefined): JsonObject {
  const info = asObject(value) ?? {};
  return { ...info, title: asText(info.title) ?? 'API', version: versionOf(info) };
}

function writePaths(plan: Plan, named: NamedBackends, references: References, report: Report): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of plan.routes) {
    const path = writeTemplate(route.template, 'plain');
    const { object, place } = route.item;
    if (paths[path] === undefined) reportLost(object, ITEM_KEYS, `the path ${path}`, place, report);
    paths[path] ??= { ...pickTexts(object, ['summary', 'description']), ...extensionsOf(object) };
    paths[path][route.method] = writeOperation(plan, route, named.of.get(route), references, report);
  }
  return paths;
}

const ITEM_KEYS = words(
  'summary description get put post delete options head patch trace query additionalOperations $ref parameters servers x-google-backend',
);

function pickTexts(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => (typeof object[key] === 'string' ? [[key, object[key]]] : [])),
  );
}

const OPERATION_KEYS = new Set([
  'operationId',
  'parameters',
  'security',
  'x-security',
  'x-google-backend',
  'servers',
  'callbacks',
]);

function writeOperation(
  plan: Plan,
  route: Route,
  backend: string | undefined,
  references: References,
  report: Report,
): JsonObject {
  const { operation, place } = route;
  if (own(operation, 'callbacks') !== undefined) {
    report('field-dropped', below(place, 'callbacks'), 'Callbacks are not made through the gateway.');
  }
  const written: JsonObject = {};
  for (const key of Object.keys(operation))
    if (!OPERATION_KEYS.has(key)) written[key] = operation[key] ?? null;
  const rest = asObject(references.rewrite(written, place)) ?? {};
  const parameters = writeParameters(plan, route, references, report);
  return {
    operationId: route.operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...rest,
    responses: hasEntries(rest.responses) ? rest.responses : { default: { description: '' } },
    ...securityOf(route.protection),
    ...(backend === undefined ? {} : { 'x-google-backend': backend }),
  };
}

function hasEntries(value: Json | undefined): value is JsonObject {
  return Object.keys(asObject(value) ?? {}).length > 0;
}

/**
 * The servers. The gateway uses the one that carries `x-google-endpoint`; without one it serves from the root, so a
 * base path needs the mark.
 */
function writeServers(plan: Plan): Json[] {
  const { root } = plan.document;
  const servers = asList(own(root, 'servers')).filter(
    (server) => asText(asObject(server)?.url) !== undefined,
  );
  const { host, basePath, allowCors } = plan.server;
  const cors = allowCors === undefined ? {} : { allowCors };
  const isMarked = (server: Json): boolean => own(asObject(server), 'x-google-endpoint') !== undefined;
  if (servers.some(isMarked))
    return servers.map((server) =>
      isMarked(server) && allowCors !== undefined
        ? { ...asObject(server), 'x-google-endpoint': cors }
        : server,
    );
  const named = own(root, 'x-google-endpoints') !== undefined && host !== undefined;
  if (basePath === undefined && allowCors === undefined && !named) return [...servers];
  const first = asObject(servers[0]) ?? {};
  const { variables: _, ...rest } = first;
  const scheme = /^[a-z]+(?=:)/i.exec(substituted(first))?.[0] ?? 'https';
  const url = host === undefined ? (basePath ?? '/') : `${scheme}://${host}${basePath ?? ''}`;
  return [{ ...rest, url, 'x-google-endpoint': cors }, ...servers.slice(1)];
}
