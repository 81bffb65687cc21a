import { ActionError, log } from '@gangway/action';
import type { InstanceProperties } from '@gangway/compute';
import { type GoogleCloud, grantsRole, projectBindings } from '@gangway/google-cloud';
import { mayRead, parseImageName, repositoryName } from '@gangway/registry';
import type { Inputs } from '../inputs.ts';
import type { Container } from '../machine/container.ts';
import type { Place } from '../place.ts';
import { accountOf, isDefaultAccount } from '../plan/misfits.ts';

/**
 * Refuses a new machine without an account that is named: Compute Engine would take its default account, which many projects let
 * do nearly everything.
 *
 * @throws ActionError `account-missing`
 */
export function requireAccount({ machine: { serviceAccount } }: Inputs, { projectId }: Place): void {
  if (serviceAccount === undefined)
    throw new ActionError('Input "runtime_service_account" is required for a new machine, and was empty.', {
      code: 'account-missing',
      hint: `create one with "gcloud iam service-accounts create NAME --project=${projectId}", grant it roles/artifactregistry.reader, and name it here. "default" is Compute Engine's default service account, which often has wide permissions; "none" is no account`,
    });
  if (isDefaultAccount(serviceAccount))
    log.warning(
      "The machine runs as Compute Engine's default service account, which often has wide permissions in the project: set runtime_service_account to a dedicated account.",
    );
}

/** The predefined roles with logging.logEntries.create that are given to machines (https://cloud.google.com/logging/docs/access-control). */
const LOG_WRITERS = /^roles\/(logging\.(logWriter|admin)|editor|owner)$/;

/**
 * Warns before the machine is made or restarted where its account can't pull the image, or can't write its logs, as far as policies
 * tell.
 */
export async function checkRoles(
  { cloud, projectId }: Place,
  image: string,
  account: InstanceProperties | string,
  { logDriver }: Pick<Container, 'logDriver'>,
): Promise<void> {
  const email = typeof account === 'string' ? account : accountOf(account);
  if (email === 'none' || email === 'default') return;
  await checkReader(cloud, image, email);
  if (logDriver !== 'gcplogs') return;
  const bindings = await projectBindings(cloud, projectId);
  if (!bindings || grantsRole(bindings, LOG_WRITERS, email) !== false) return;
  log.warning(
    `${email}, which the machine writes logs as, has no role on the project ${projectId} that allows it. With gcplogs, Docker then doesn't start the container. To fix it: gcloud projects add-iam-policy-binding ${projectId} --condition=None --member="serviceAccount:${email}" --role=roles/logging.logWriter.`,
  );
}

async function checkReader(cloud: GoogleCloud, image: string, email: string): Promise<void> {
  const parsed = parseImageName(image.replace(/@.*$/, ''));
  if (!parsed) return;
  const name = repositoryName(parsed);
  const { location, repository, project } = parsed;
  if ((await mayRead(cloud, name, email)) !== false) return;
  log.warning(
    `${email}, which the machine pulls as, has no role on ${name} or its project that allows it to read images. To fix it: gcloud artifacts repositories add-iam-policy-binding ${repository} --location=${location} --project=${project} --member="serviceAccount:${email}" --role=roles/artifactregistry.reader.`,
  );
}
