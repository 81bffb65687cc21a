import { invalid } from './errors.ts';

const ROOT = 'https://www.googleapis.com/compute/v1/';

/** How resources name each other. @param path within the project, e.g. `zones/us-west1-a/instances/web` */
export function linkTo(project: string, path: string): string {
  return `${ROOT}projects/${project}${path && `/${path}`}`;
}

/**
 * The project and path that a link names, whole or from `projects/` or the place on, or by name alone.
 *
 * @param field that it is the value of, for the error
 * @param collection that a bare name is in, e.g. `zones/us-west1-a/machineTypes`
 * @throws ComputeError for what is no link
 */
export function pathOf(
  link: unknown,
  own: string,
  field: string,
  collection: string,
): { readonly project: string; readonly path: string } {
  const text = typeof link === 'string' ? link : '';
  const [, project = own, path = ''] =
    /^(?:https?:\/\/[^/]+\/(?:compute\/)?(?:v1|beta)\/)?(?:projects\/((?:[^/:]+:)?[^/]+)\/)?((?:global|zones\/[^/]+|regions\/[^/]+)\/[\w-]+(?:\/family)?\/[^/]+)$/.exec(
      text,
    ) ?? [];
  if (path) return { project, path };
  if (/^[a-z0-9][-a-z0-9_.]*$/i.test(text)) return { project: own, path: `${collection}/${text}` };
  throw invalid(field, link, 'The URL is malformed.');
}

/** The last part of a link. */
export function nameIn(link: unknown): string {
  return (
    String(link ?? '')
      .split('/')
      .at(-1) ?? ''
  );
}

/** The region of a zone: `us-west1` of `us-west1-a`. */
export function regionOf(zone: string): string {
  return zone.replace(/-[a-z]$/, '');
}
