import { ActionError } from '@gangway/action/error';

/** The inputs that every Google action takes to say who it acts as. */
export interface GoogleInputs {
  readonly projectId: string | undefined;
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly workloadIdentityProvider: string | undefined;
  /** E-mail address to impersonate through the provider. */
  readonly serviceAccount: string | undefined;
  /** The text of a service account key or another credential configuration. */
  readonly credentialsJson: string | undefined;
}

interface Reader {
  optional(name: string): string | undefined;
}

const PROVIDER =
  /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/;
const PROJECT = /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.gserviceaccount\.com$/;

/**
 * Reads and checks the credential inputs.
 * @throws ActionError that names the input, its value and the cure
 */
export function readGoogleInputs(input: Reader): GoogleInputs {
  const inputs = {
    projectId: input.optional('project_id'),
    workloadIdentityProvider: input
      .optional('workload_identity_provider')
      ?.replace(/^\/\/iam\.googleapis\.com\//, ''),
    serviceAccount: input.optional('service_account'),
    credentialsJson: input.optional('credentials_json'),
  };
  const { projectId, workloadIdentityProvider: provider, serviceAccount, credentialsJson } = inputs;
  if (projectId && !PROJECT.test(projectId)) {
    throw refuse(
      'project_id',
      projectId,
      'write the project id (6 to 30 lower-case letters, digits and dashes), not its name or number',
    );
  }
  if (provider && !PROVIDER.test(provider)) {
    const numberless = /^projects\/[^/]*[a-z]/.test(provider);
    throw refuse(
      'workload_identity_provider',
      provider,
      `${numberless ? 'use the project NUMBER, not its id: ' : ''}write it in full: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`,
    );
  }
  if (serviceAccount && !EMAIL.test(serviceAccount)) {
    throw refuse(
      'service_account',
      serviceAccount,
      'write the e-mail address of the service account: NAME@PROJECT.iam.gserviceaccount.com',
    );
  }
  if (provider && credentialsJson) {
    throw new ActionError(
      'Inputs "workload_identity_provider" and "credentials_json" exclude each other, and both are set.',
      {
        code: 'input-conflict',
        hint: 'keep one; workload_identity_provider needs no key',
      },
    );
  }
  if (serviceAccount && !provider) {
    throw new ActionError(
      `Input "service_account" is "${serviceAccount}", but "workload_identity_provider" is empty.`,
      {
        code: 'input-conflict',
        hint: 'set workload_identity_provider too, or leave both empty',
      },
    );
  }
  return inputs;
}

function refuse(name: string, value: string, hint: string): ActionError {
  return new ActionError(`Input "${name}" is not valid: "${value}".`, { code: 'input-invalid', hint });
}
