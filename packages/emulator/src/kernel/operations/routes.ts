import { requireToken } from '../access.ts';
import { type ApiError, permissionDenied } from '../errors.ts';
import type { Call, Reply } from '../http/call.ts';
import { type Route, route } from '../http/route.ts';
import type { Platform } from '../service/platform.ts';

/** How a service's operations are asked after. */
interface OperationsApi {
  /** e.g. `run.googleapis.com` */
  readonly api: string;
  readonly version: string;
  /** What of them its documents publish, and where: each API has some. */
  readonly published: Readonly<Partial<Record<'location' | 'root', readonly Verb[]>>>;
  /** The words of a refusal; default: those of most services. */
  readonly denied?: (verb: Verb, permission: string, name: string, project: string) => ApiError;
}

type Verb = 'get' | 'list' | 'cancel';

const SHAPES: Readonly<Record<Verb, readonly [method: string, path: string]>> = {
  get: ['GET', '/{operation}'],
  list: ['GET', ''],
  cancel: ['POST', '/{operation}:cancel'],
};

const HANDLERS: Readonly<Record<Verb, (call: Call, platform: Platform, options: OperationsApi) => Reply>> = {
  get,
  list,
  cancel,
};

const LOCATION = 'projects/{project}/locations/{location}/operations';

/** The paths of a service's operations (https://github.com/googleapis/googleapis/blob/master/google/longrunning/operations.proto). */
export function operationRoutes(options: OperationsApi): readonly Route<Platform>[] {
  const { version } = options;
  const { published } = options;
  const bound =
    (handler: (call: Call, platform: Platform, options: OperationsApi) => Reply) =>
    (call: Call, platform: Platform) =>
      handler(call, platform, options);
  const at = (root: string, verbs: readonly Verb[] = []) =>
    verbs.map((verb) => {
      const [method, path] = SHAPES[verb];
      return route(method, `/${version}/${root}${path}`, undefined, bound(HANDLERS[verb]));
    });
  return [...at(LOCATION, published.location), ...at('operations', published.root)];
}

/** The operation that a path names, by the project's id; undefined for the path of anything else. */
export function operationIn(pathname: string, { id, number }: Platform['project']): string | undefined {
  const [, name] =
    /^\/v\d\/((?:.*\/)?operations\/[^/]+?)(?::cancel)?$/.exec(decodeURIComponent(pathname)) ?? [];
  return name?.replace(new RegExp(`^projects/${number}/`), `projects/${id}/`);
}

/** A list holds what the caller may see. */
function list(call: Call, platform: Platform, { api }: OperationsApi): Reply {
  const { operations, project, authorizer } = platform;
  const caller = requireToken(call, platform, api);
  const parent = call.params.project === project.number ? project.id : call.params.project;
  const { location } = call.params;
  const all = operations
    .list(`projects/${parent}/locations/${location === '-' ? '' : `${location}/operations/`}`)
    .filter(({ name }) => /^projects\/[^/]+\/locations\/[^/]+\/operations\//.test(name));
  const seen = all.filter(({ name }) => {
    const permission = permissionFor(platform, name, 'list');
    return !permission || authorizer.allows(caller, permission, resourceOf(platform, name));
  });
  return { body: seen.length > 0 ? { operations: seen } : {} };
}

function get(call: Call, platform: Platform, options: OperationsApi): Reply {
  return { body: platform.operations.get(permitted(call, platform, options, 'get')) };
}

function cancel(call: Call, platform: Platform, options: OperationsApi): Reply {
  platform.operations.cancel(permitted(call, platform, options, 'cancel'));
  return { body: {} };
}

/**
 * The operation that the caller may see, or cancel.
 *
 * @throws ApiError UNAUTHENTICATED, PERMISSION_DENIED in the words of the service
 */
function permitted(call: Call, platform: Platform, { api, denied }: OperationsApi, verb: Verb): string {
  const caller = requireToken(call, platform, api);
  const name = operationIn(call.url.pathname, platform.project) ?? '';
  const permission = permissionFor(platform, name, verb);
  if (!permission || platform.authorizer.allows(caller, permission, resourceOf(platform, name))) return name;
  throw (
    denied?.(verb, permission, name, `projects/${platform.project.id}`) ?? permissionDenied(permission, name)
  );
}

function permissionFor({ operations }: Platform, name: string, verb: Verb): string | undefined {
  return operations.permissionFor(name)?.replace(/\w+$/, verb);
}

/** The names of some lie in no project; they are the project's all the same. */
function resourceOf({ project }: Platform, name: string): string {
  return name.startsWith('projects/') ? name : `projects/${project.id}`;
}
