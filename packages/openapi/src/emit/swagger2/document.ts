import type { Report } from '../../diagnostic.ts';
import {
  asList,
  asObject,
  asText,
  asTexts,
  extensionsOf,
  type Json,
  type JsonObject,
  own,
} from '../../json.ts';
import type { Backend } from '../../model/backend.ts';
import type { Plan } from '../../model/plan.ts';
import type { Route } from '../../model/route.ts';
import { writeTemplate } from '../../model/template.ts';
import { below, ROOT } from '../../place.ts';
import { forbiddenCycles } from '../../schema/cycles.ts';
import { definitionsOf } from '../../schema/definitions.ts';
import { externalDocs, type SchemaScope, toSwagger2 } from '../../schema/swagger2.ts';
import { convertBody } from './body.ts';
import { googleExtensions } from './google.ts';
import { convertInfo } from './info.ts';
import { convertParameters } from './parameter.ts';
import { convertResponses } from './response.ts';
import { securityDefinitions, securityOf } from './security.ts';

/** A plan as a Swagger 2.0 document in Google's dialect: https://cloud.google.com/endpoints/docs/openapi/openapi-extensions */
export function writeSwagger2(plan: Plan, report: Report): JsonObject {
  const { document, server } = plan;
  const scope: SchemaScope = { document, definitions: definitionsOf(document, report), report };
  const paths = writePaths(plan, scope);
  const definitions = writeDefinitions(scope);
  const docs = externalDocs(own(document.root, 'externalDocs'));
  const tags = convertTags(own(document.root, 'tags'));
  const security = securityDefinitions(plan.schemes, report);
  for (const key of ['webhooks', 'jsonSchemaDialect']) {
    if (own(document.root, key) !== undefined)
      report('field-dropped', below(ROOT, key), `Swagger 2.0 has no ${key}.`);
  }
  return {
    swagger: '2.0',
    info: convertInfo(document, report),
    ...(server.host === undefined ? {} : { host: server.host }),
    ...(server.basePath === undefined ? {} : { basePath: server.basePath }),
    ...(server.schemes.length === 0 ? {} : { schemes: [...server.schemes] }),
    ...(plan.backend === undefined ? {} : { 'x-google-backend': writeBackend(plan.backend) }),
    ...googleExtensions(plan, report),
    ...(tags.length === 0 ? {} : { tags }),
    ...(docs === undefined ? {} : { externalDocs: docs }),
    paths,
    ...(Object.keys(definitions).length === 0 ? {} : { definitions }),
    ...(Object.keys(security).length === 0 ? {} : { securityDefinitions: security }),
    ...extensionsOf(document.root),
  };
}

function writePaths(plan: Plan, scope: SchemaScope): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of plan.routes) {
    const path = writeTemplate(route.template, 'inline');
    paths[path] ??= {};
    paths[path][route.method] = writeOperation(route, scope);
  }
  return paths;
}

function writeOperation(route: Route, scope: SchemaScope): JsonObject {
  const { operation, place } = route;
  const body = convertBody(route, scope);
  const { responses, produces } = convertResponses(route, scope);
  const parameters = [...convertParameters(route, scope), ...body.parameters];
  const tags = asTexts(own(operation, 'tags'));
  const docs = externalDocs(own(operation, 'externalDocs'));
  if (own(operation, 'callbacks') !== undefined) {
    scope.report('field-dropped', below(place, 'callbacks'), 'Swagger 2.0 has no callbacks.');
  }
  return {
    ...(tags.length === 0 ? {} : { tags }),
    ...(typeof operation.summary === 'string' ? { summary: operation.summary } : {}),
    ...(typeof operation.description === 'string' ? { description: operation.description } : {}),
    ...(docs === undefined ? {} : { externalDocs: docs }),
    operationId: route.operationId,
    ...(body.consumes.length === 0 ? {} : { consumes: [...body.consumes] }),
    ...(produces.length === 0 ? {} : { produces: [...produces] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    responses,
    ...(operation.deprecated === true ? { deprecated: true } : {}),
    ...securityOf(route.protection),
    ...(route.backend === undefined ? {} : { 'x-google-backend': writeBackend(route.backend) }),
    ...operationExtensions(route, scope.report),
    ...extensionsOf(operation),
  };
}

const OPERATION_EXTENSIONS = new Set(['x-google-quota', 'x-google-backend']);

function operationExtensions(route: Route, report: Report): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(route.operation)) {
    if (!key.startsWith('x-google-')) continue;
    if (key === 'x-google-quota') kept[key] = value;
    else if (!OPERATION_EXTENSIONS.has(key)) {
      report('google-extension-dropped', below(route.place, key), `The Swagger 2.0 dialect has no ${key}.`);
    }
  }
  return kept;
}

function writeBackend(backend: Backend): JsonObject {
  const { address, jwtAudience, disableAuth, pathTranslation, deadline, protocol } = backend;
  return {
    ...(address === undefined ? {} : { address }),
    ...(jwtAudience === undefined ? {} : { jwt_audience: jwtAudience }),
    ...(disableAuth === undefined ? {} : { disable_auth: disableAuth }),
    ...(pathTranslation === undefined ? {} : { path_translation: pathTranslation }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function writeDefinitions(scope: SchemaScope): JsonObject {
  const definitions = scope.definitions.emit((value, place) => toSwagger2(value, place, scope));
  for (const name of forbiddenCycles(definitions)) {
    scope.report('cycle-wrapped', ROOT, `The schema ${name} refers to itself; it is wrapped in allOf.`);
    definitions[name] = { allOf: [definitions[name] ?? {}] };
  }
  return definitions;
}

function convertTags(value: Json | undefined): JsonObject[] {
  const seen = new Set<string>();
  return asList(value).flatMap((item) => {
    const tag = asObject(item);
    const name = asText(tag?.name);
    if (tag === undefined || name === undefined || seen.has(name)) return [];
    seen.add(name);
    const docs = externalDocs(own(tag, 'externalDocs'));
    return [
      {
        name,
        ...(typeof tag.description === 'string' ? { description: tag.description } : {}),
        ...(docs === undefined ? {} : { externalDocs: docs }),
        ...extensionsOf(tag),
      },
    ];
  });
}
