import { listed, type Report } from '../diagnostic.ts';
import type { Doubts } from '../form/form.ts';
import { asObject, type JsonObject, own } from '../json.ts';
import type { EmitOptions, PrefixedBackend } from '../options.ts';
import { below, ROOT } from '../place.ts';
import { guard, type Protection } from '../security/protection.ts';
import type { Scheme } from '../security/scheme.ts';
import { type Backend, backendOf, readBackend } from './backends/backend.ts';
import { readServer, type Server } from './backends/server.ts';
import type { ApiDocument } from './document.ts';
import { type Management, readManagement } from './management.ts';
import { backendFor } from './routes/prefixes.ts';
import { type Route, readRoutes } from './routes/route.ts';

/** Everything about a document that does not depend on the dialect it is emitted in. */
export interface Plan {
  readonly document: ApiDocument;
  readonly routes: readonly Route[];
  readonly server: Server;
  /** Quotas, names and whatever else is said of the whole API. */
  readonly management: Management;
  /** Where requests go unless an operation says otherwise. */
  readonly backend: Backend | undefined;
  /** The schemes that operations require. */
  readonly schemes: readonly Scheme[];
  /** What a caller must show to list the tools of `x-google-api-management.mcp`, if the document says so. */
  readonly tools: Protection | undefined;
}

/**
 * Decides routes, names, security and backends, by the document and the operator's wishes. What `doubts` says nobody can
 * be sure of is closed.
 */
export function planOf(document: ApiDocument, doubts: Doubts, options: EmitOptions, report: Report): Plan {
  const security = guard(document, doubts, options, report);
  const routes = readRoutes(document, options, security, report);
  const stated = readBackend(
    document,
    document.root,
    ROOT,
    options.backend === undefined ? report : unfilled(report),
  );
  const backend = options.backend === undefined ? stated : backendOf(options.backend, report);
  if (options.backend !== undefined && stated?.address !== undefined && stated.address !== backend?.address) {
    report(
      'backend-replaced',
      below(ROOT, 'x-google-backend'),
      `The backend ${stated.address} is replaced by ${backend?.address}.`,
    );
  }
  const homeless = routes.filter((route) => route.backend?.address === undefined);
  if (options.backends !== undefined && options.backends.length > 0)
    reportPrefixes(options.backends, routes, backend?.address === undefined ? homeless : [], report);
  else if (backend?.address === undefined && homeless.length > 0) {
    report(
      'backend-missing',
      ROOT,
      `No backend is named for ${homeless.length === 1 ? '1 operation' : `${homeless.length} operations`}.`,
    );
  }
  const tools = toolsOf(document);
  const protection = tools && security.protect(tools, TOOLS, 'The list of MCP tools');
  const management = readManagement(document.root);
  if (management.allowAll)
    report(
      'open-by-document',
      below(ROOT, 'x-google-allow'),
      'What the document does not describe is open: x-google-allow is all.',
    );
  security.conclude(backend?.disableAuth !== true);
  return {
    document,
    routes,
    server: readServer(document, report),
    management,
    backend,
    schemes: security.used(),
    tools: protection,
  };
}

/** Says which prefixes no operation uses, and which operations no prefix covers. */
function reportPrefixes(
  backends: readonly PrefixedBackend[],
  routes: readonly Route[],
  homeless: readonly Route[],
  report: Report,
): void {
  const used = new Set(
    routes.map(({ path, backend }) => {
      const wanted = backendFor(path, backends);
      return wanted?.address === backend?.address ? wanted?.prefix : undefined;
    }),
  );
  for (const { prefix, address } of backends)
    if (!used.has(prefix))
      report(
        'backend-prefix-unmatched',
        ROOT,
        `No operation goes to ${address}: none has the prefix ${prefix}, or each has a longer one or a backend of its own.`,
      );
  const prefixes = listed(backends.map(({ prefix }) => prefix));
  for (const { method, path, place } of homeless)
    report(
      'backend-prefix-missing',
      place,
      `${method.toUpperCase()} ${path} has none of the prefixes ${prefixes}, and no other backend is named.`,
    );
}

/** Of a backend that gives way to another, the address is nobody's concern. */
function unfilled(report: Report): Report {
  return (code, ...rest) => {
    if (code !== 'backend-placeholder' && code !== 'backend-http') report(code, ...rest);
  };
}

const TOOLS = '#/x-google-api-management/mcp/tools-list';

/** The object that says who may list the tools, if it says so: https://cloud.google.com/api-gateway/docs/oasv3-extensions */
function toolsOf({ root }: ApiDocument): JsonObject | undefined {
  const mcp = asObject(own(asObject(own(root, 'x-google-api-management')), 'mcp'));
  const tools = asObject(own(mcp, 'tools-list'));
  return own(tools, 'security') === undefined ? undefined : tools;
}
