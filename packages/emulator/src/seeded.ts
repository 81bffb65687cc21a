import { hostOfProject } from './kernel/resources/project-id.ts';
import type { Project } from './kernel/service/project.ts';

/** The person who owns the project. */
export const OWNER = 'owner@example.com';

/** The one repository whose jobs may deploy, unless another is named. */
export const REPOSITORY = 'example/fastapi-on-cloud-run';

/** E-mails of what CI acts as, of what gateways call their backends as, and of what containers run as. */
export function seededAccounts({ id, number }: Project): {
  deployer: string;
  gateway: string;
  runtime: string;
} {
  return {
    deployer: `deployer@${hostOfProject(id)}.iam.gserviceaccount.com`,
    gateway: `gateway@${hostOfProject(id)}.iam.gserviceaccount.com`,
    runtime: `${number}-compute@developer.gserviceaccount.com`,
  };
}

/** The provider that takes GitHub's tokens, as the `workload_identity_provider` of an action names it. */
export function seededProvider({ number }: Project): string {
  return `projects/${number}/locations/global/workloadIdentityPools/github/providers/gangway`;
}
