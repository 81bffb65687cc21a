import type { Report } from '../../diagnostic.ts';
import { asObject, asText, type JsonObject, own } from '../../json.ts';
import type { EmitOptions, PrefixedBackend } from '../../options.ts';
import { below, type Place } from '../../place.ts';
import type { Guard, Protection } from '../../security/protection.ts';
import { type Backend, backendOf as completed, readBackend } from '../backends/backend.ts';
import { serverBackend } from '../backends/server-backend.ts';
import type { ApiDocument } from '../document.ts';
import type { Draft, Item } from '../draft.ts';
import { readDrafts } from '../read-drafts.ts';
import { generatedId, settleIds } from './operation-ids.ts';
import type { Parameter } from './parameter.ts';
import { backendFor } from './prefixes.ts';
import { type Template, variablesOf } from './template.ts';

/** One operation as the gateway will route it. */
export interface Route {
  /** Lower case. */
  readonly method: string;
  /** As the document writes it. */
  readonly path: string;
  readonly template: Template;
  /** The operation's object in the document, in the document's own version. */
  readonly operation: JsonObject;
  readonly place: Place;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  /** The path item that the operation stands in. */
  readonly item: Item;
  readonly protection: Protection;
  /** Its own backend, if it has one. */
  readonly backend: Backend | undefined;
}

/** The routes of a document in its own order, as API Gateway takes them. */
export function readRoutes(
  document: ApiDocument,
  options: EmitOptions,
  guard: Guard,
  report: Report,
): readonly Route[] {
  const drafts = readDrafts(document, options, report);
  const ids = settleIds(
    drafts.map(({ operation, method, path }) => {
      const id = asText(own(operation, 'operationId')) ?? '';
      const given = /[A-Za-z0-9_]/.test(id);
      return { id: given ? id : generatedId(method, path), given };
    }),
  );
  return drafts.map((draft, index) => {
    const operationId = ids[index] ?? '';
    reportId(draft, operationId, report);
    reportResponses(document, draft, report);
    const label = `${draft.method.toUpperCase()} ${draft.path}`;
    const protection = draft.open ? OPEN : guard.protect(draft.operation, draft.place, label);
    const backend = backendOf(document, draft, options, report);
    return { ...draft, operationId, protection, backend };
  });
}

/** The backend of an operation: its own, that of its path, that of a prefix, or the server that the document says it is at. */
function backendOf(
  document: ApiDocument,
  draft: Draft,
  options: EmitOptions,
  report: Report,
): Backend | undefined {
  const { operation, place, item } = draft;
  const wanted = backendFor(draft.path, options.backends ?? []);
  const prefixed = wanted && prefixedBackend(wanted, report);
  const stated = readBackend(document, operation, place, report);
  // One without an address only adjusts the other.
  if (stated !== undefined) return stated.address === undefined ? { ...prefixed, ...stated } : stated;
  const lifted = readBackend(document, item.object, item.place, report);
  if (lifted === undefined) return prefixed ?? serverBackend(document, draft, options, report);
  const at = below(item.place, 'x-google-backend');
  report('backend-lifted', at, `The backend of the path ${draft.path} becomes that of its operations.`);
  return lifted.address === undefined ? { ...prefixed, ...lifted } : lifted;
}

function prefixedBackend({ prefix, ...wanted }: PrefixedBackend, report: Report): Backend {
  const words = prefix.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return { ...completed(wanted, report), name: `backend-${words || 'root'}` };
}

function reportId(draft: Draft, operationId: string, report: Report): void {
  const given = asText(own(draft.operation, 'operationId'));
  if (given === operationId) return;
  const label = `${draft.method.toUpperCase()} ${draft.path}`;
  if (given === undefined)
    report('operation-id-added', draft.place, `${label} gets the operationId ${operationId}.`);
  else
    report(
      'operation-id-renamed',
      below(draft.place, 'operationId'),
      `The operationId ${given} of ${label} becomes ${operationId}.`,
    );
}

/** Google's importer refuses an operation of 2.0 or 3.0 that answers nothing; 3.1 no longer asks for it. */
function reportResponses(
  { version }: ApiDocument,
  { operation, place, method, path }: Draft,
  report: Report,
): void {
  const responses = asObject(own(operation, 'responses'));
  if (version !== '3.1' && Object.keys(responses ?? {}).length === 0)
    report(
      'responses-added',
      place,
      `${method.toUpperCase()} ${path} has no responses; a default one is added.`,
    );
}

/** The variables of a route's path that no parameter declares. */
export function undeclaredVariables(route: Route): readonly string[] {
  const declared = new Set(
    route.parameters.filter(({ object }) => object.in === 'path').map(({ object }) => object.name),
  );
  return variablesOf(route.template.segments).filter((name) => !declared.has(name));
}

/** Whether a path parameter is named by the route's path. */
export function namesVariable(route: Route, parameter: JsonObject): boolean {
  return variablesOf(route.template.segments).some((name) => name === parameter.name);
}

const OPEN: Protection = { access: 'open', security: [] };
