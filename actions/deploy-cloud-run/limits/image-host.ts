import { input } from '@gangway/action';
import { isOtherUniverse } from '@gangway/auth';
import { IMAGE_HOSTS } from '@gangway/cloud-run';

/**
 * The host of an image that Cloud Run can't pull from; undefined where it can. A name without a host is Docker Hub's.
 * Clouds that partners of Google run have registries of their own, with other hosts.
 *
 * @see https://cloud.google.com/run/docs/deploying#images
 */
export function foreignHost(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return !isHost || IMAGE_HOSTS.test(first) || isElsewhere() ? undefined : first;
}

function isElsewhere(): boolean {
  return isOtherUniverse({
    universeDomain: input.optional('universe_domain'),
    credentialsJson: input.optional('credentials_json'),
    workloadIdentityProvider: input.optional('workload_identity_provider'),
  });
}

/** How to have an image of another registry. */
export function foreignCure(host: string): string {
  return `Cloud Run can't pull from ${host}, only from Artifact Registry, gcr.io and Docker Hub; copy it with build-and-push, or make a remote repository of it: https://cloud.google.com/artifact-registry/docs/repositories/remote-repo`;
}
