import type { Report } from '../diagnostic.ts';
import type { Doubts } from '../form/form.ts';
import type { EmitOptions } from '../options.ts';
import { below, ROOT } from '../place.ts';
import { guard } from '../security/protection.ts';
import type { Scheme } from '../security/scheme.ts';
import { type Backend, backendOf, readBackend } from './backend.ts';
import type { ApiDocument } from './document.ts';
import { type Route, readRoutes } from './route.ts';
import { readServer, type Server } from './server.ts';

/** Everything about a document that does not depend on the dialect it is emitted in. */
export interface Plan {
  readonly document: ApiDocument;
  readonly routes: readonly Route[];
  readonly server: Server;
  /** Where requests go unless an operation says otherwise. */
  readonly backend: Backend | undefined;
  /** The schemes that operations require. */
  readonly schemes: readonly Scheme[];
}

/**
 * Decides routes, names, security and backends, by the document and the operator's wishes. What `doubts` says nobody can
 * be sure of is closed.
 */
export function planOf(document: ApiDocument, doubts: Doubts, options: EmitOptions, report: Report): Plan {
  const security = guard(document, doubts, options, report);
  const routes = readRoutes(document, options, security, report);
  const stated = readBackend(document, document.root, ROOT, report);
  const backend = options.backend === undefined ? stated : backendOf(options.backend, report);
  if (options.backend !== undefined && stated?.address !== undefined && stated.address !== backend?.address) {
    report(
      'backend-replaced',
      below(ROOT, 'x-google-backend'),
      `The backend ${stated.address} gives way to ${backend?.address}.`,
    );
  }
  const homeless = routes.filter((route) => route.backend?.address === undefined);
  if (backend?.address === undefined && homeless.length > 0) {
    report('backend-missing', ROOT, `No backend is named for ${homeless.length} operations.`);
  }
  security.conclude(backend?.disableAuth !== true);
  return { document, routes, server: readServer(document, report), backend, schemes: security.used() };
}
