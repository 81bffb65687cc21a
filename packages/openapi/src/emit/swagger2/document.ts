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
import type { Backend } from '../../model/backends/backend.ts';
import { reportLost, words } from '../../model/losses.ts';
import type { Plan } from '../../model/plan.ts';
import type { Route } from '../../model/routes/route.ts';
import { writeTemplate } from '../../model/routes/template.ts';
import { below, ROOT } from '../../place.ts';
import { forbiddenCycles } from '../../schema/cycles.ts';
import { externalDocs } from '../../schema/external-docs.ts';
import { schemaScope } from '../../schema/scope.ts';
import { type SchemaScope, toSwagger2 } from '../../schema/swagger2.ts';
import { convertBody } from './body.ts';
import { googleExtensions } from './google.ts';
import { convertInfo } from './info.ts';
import { convertParameters } from './parameter.ts';
import { convertResponses } from './response.ts';
import { securityDefinitions, securityOf } from './security.ts';

/** What of a root is written, in whatever form, or spoken of elsewhere. */
const ROOT_KEYS = words(
  'swagger openapi info host basePath schemes servers tags externalDocs paths components definitions parameters responses security x-security securityDefinitions consumes produces',
);
const ITEM_KEYS = words(
  'get put post delete options head patch trace query additionalOperations $ref parameters servers x-google-backend',
);
const OPERATION_KEYS = words(
  'tags summary description externalDocs operationId consumes produces parameters responses deprecated security x-security requestBody servers x-google-quota x-google-backend',
);

/** A plan as a Swagger 2.0 document in Google's dialect: https://cloud.google.com/endpoints/docs/openapi/openapi-extensions */
export function writeSwagger2(plan: Plan, report: Report): JsonObject {
  const { document, server } = plan;
  const scope = schemaScope(document, report);
  const paths = writePaths(plan, scope);
  const definitions = writeDefinitions(scope);
  const docs = externalDocs(own(document.root, 'externalDocs'), below(ROOT, 'externalDocs'), report);
  const tags = convertTags(own(document.root, 'tags'), report);
  const security = securityDefinitions(plan.schemes, report);
  const plain = Object.entries(document.root).filter(([key]) => !key.startsWith('x-google-'));
  reportLost(Object.fromEntries(plain), ROOT_KEYS, 'the document', ROOT, report);
  reportComponents(document.root, report);
  scope.summarise();
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
    const { object, place } = route.item;
    if (paths[path] === undefined) reportLost(object, ITEM_KEYS, `the path ${path}`, place, scope.report);
    paths[path] ??= extensionsOf(object);
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
  const docs = externalDocs(own(operation, 'externalDocs'), below(place, 'externalDocs'), scope.report);
  reportLost(
    operation,
    OPERATION_KEYS,
    `${route.method.toUpperCase()} ${writeTemplate(route.template, 'plain')}`,
    place,
    scope.report,
  );
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
    ...(operation['x-google-quota'] === undefined ? {} : { 'x-google-quota': operation['x-google-quota'] }),
    ...extensionsOf(operation),
  };
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

function convertTags(value: Json | undefined, report: Report): JsonObject[] {
  const seen = new Set<string>();
  return asList(value).flatMap((item, index) => {
    const place = below(below(ROOT, 'tags'), index);
    const tag = asObject(item);
    const name = asText(tag?.name);
    if (tag === undefined || name === undefined || seen.has(name)) {
      report(
        'invalid-value',
        place,
        name === undefined ? 'A tag has no name.' : `The tag ${name} is described twice.`,
      );
      return [];
    }
    seen.add(name);
    const docs = externalDocs(own(tag, 'externalDocs'), below(place, 'externalDocs'), report);
    reportLost(tag, TAG_KEYS, `the tag ${name}`, place, report);
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

const TAG_KEYS = words('name description externalDocs');
const COMPONENTS = words('schemas parameters responses requestBodies headers securitySchemes pathItems');

/** Components are emitted where they are used; of some kinds nothing is. */
function reportComponents(root: JsonObject, report: Report): void {
  const components = asObject(own(root, 'components'));
  if (components !== undefined) reportLost(components, COMPONENTS, 'the components', '#/components', report);
}
