import { ApiError } from '../../../kernel/errors.ts';
import type { Call } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import type { Template } from './types.ts';

const PERMISSION = 'artifactregistry.repositories.downloadArtifacts';

/**
 * Who deploys an image must be allowed to pull it, not only Cloud Run's service agent.
 *
 * @throws ApiError PERMISSION_DENIED in the words of Cloud Run
 * @see https://cloud.google.com/run/docs/deploying#permissions_required_to_deploy
 */
export function requireImageAccess(
  call: Call,
  cloud: Context,
  { containers = [] }: Pick<Template, 'containers'>,
): void {
  for (const { image } of containers) {
    const {
      project,
      location,
      repository,
      image: name,
      tag = 'latest',
      digest,
    } = cloud.repositories.parse(image) ?? {};
    if (!project) continue;
    const resource = `projects/${project}/locations/${location}/repositories/${repository}`;
    if (cloud.repositories.mayPull(call.principal, resource)) continue;
    const message = `Permission "${PERMISSION}" denied on resource "${resource}" (or it may not exist)`;
    throw new ApiError(
      'PERMISSION_DENIED',
      `User must have permission to read the image, ${image}. Ensure that the provided container image URL is correct and that the above account has permission to access the image. If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate.\n Cause: 403 Forbidden\nGET https://${location}-docker.pkg.dev/v2/${project}/${repository}/${name}/manifests/${digest ?? tag}\n${JSON.stringify({ errors: [{ code: 'DENIED', message }] })}\n`,
    );
  }
}
