import { ActionError } from '@gangway/action';
import type { Instance } from '@gangway/compute';
import { parseImageName } from '@gangway/registry';
import type { Container } from '../machine/container.ts';
import { accountOf, last } from './misfits.ts';

const ALL = 'https://www.googleapis.com/auth/cloud-platform';
const LOGS = /\/auth\/(logging\.(write|admin)|cloud-platform)$/;
const READ = /\/auth\/(devstorage\.(read_only|read_write|full_control)|cloud-platform(\.read-only)?)$/;

/**
 * Refuses a machine whose account can't get what it needs, whatever its roles: an access scope bounds what its tokens may do.
 *
 * @throws ActionError `scope-missing` with the command that helps
 * @see https://cloud.google.com/compute/docs/access/service-accounts#accesscopesiam
 */
export function refuseScopes(instance: Instance, home: string, image: string, container: Container): void {
  const { serviceAccounts: [account] = [] } = instance;
  const scopes = account?.scopes ?? [];
  const pulls = parseImageName(image.replace(/@.*$/, '')) !== undefined;
  const reads = (container.secrets ?? []).length > 0;
  const lacks =
    reads && !scopes.includes(ALL)
      ? 'read secrets'
      : pulls && !scopes.some((scope) => READ.test(scope))
        ? 'pull from Artifact Registry'
        : container.logDriver === 'gcplogs' && !scopes.some((scope) => LOGS.test(scope))
          ? 'write logs'
          : undefined;
  if (!lacks) return;
  const who = account
    ? `access scopes of ${instance.name} don't let it`
    : `${instance.name} has no service account to`;
  const email = account ? accountOf(instance) : 'NAME@PROJECT.iam.gserviceaccount.com';
  throw new ActionError(`The ${who.replace(/^(\S+) has/, 'instance $1 has')} ${lacks}.`, {
    code: 'scope-missing',
    hint: `write strategy: replace, or stop the instance and run: gcloud compute instances set-service-account ${instance.name} --zone=${last(home)} --service-account=${email} --scopes=cloud-platform`,
  });
}
