import { IMAGE_HOSTS } from '@gangway/cloud-run';

/**
 * The host of an image that Cloud Run can't pull from; undefined where it can. A name without a host is Docker Hub's.
 *
 * @see https://cloud.google.com/run/docs/deploying#images
 */
export function foreignHost(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return !isHost || IMAGE_HOSTS.test(first) ? undefined : first;
}

/** How to have an image of another registry. */
export function foreignCure(host: string): string {
  return `Cloud Run can't pull from ${host}, only from Artifact Registry, gcr.io and Docker Hub; copy it with build-and-push, or make a remote repository of it: https://cloud.google.com/artifact-registry/docs/repositories/remote-repo`;
}
