import { addToPath, exportVariables, log, mask } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { registryOverride } from '@gangway/google-cloud';
import { createJobLogin, hostOf, type ImageName } from '@gangway/registry';

/**
 * Signs Docker in to the image's registry for later steps of the job, until the post step removes the step's directory.
 *
 * @param scratch the step's directory
 * @throws ActionError `environment-lost` when later steps can't be told of it
 */
export async function staySignedIn(image: ImageName, client: TokenClient, scratch: string): Promise<void> {
  const registry = registryOverride() ?? hostOf(image);
  const { token } = await client.getYoungToken();
  // As Docker's own files and requests write it.
  mask(Buffer.from(`oauth2accesstoken:${token}`).toString('base64'));
  const { env, path } = await createJobLogin(scratch, registry, token);
  exportVariables(env);
  addToPath(path);
  log.info(`Docker is signed in to ${registry} for later steps of this job, for up to an hour.`);
}
