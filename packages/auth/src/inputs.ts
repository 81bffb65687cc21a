import { withheld } from '@gangway/action';
import { ActionError } from '@gangway/action/error';
import { UNIVERSE } from './universe.ts';

/** The inputs that every Google action takes to say who it acts as. */
export interface GoogleInputs {
  readonly projectId: string | undefined;
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly workloadIdentityProvider: string | undefined;
  /** E-mail address to impersonate through the provider. */
  readonly serviceAccount: string | undefined;
  /** E-mail addresses of the service accounts to go through on the way to it, in order. */
  readonly delegates: readonly string[];
  /** The text of a service account key or another credential configuration. */
  readonly credentialsJson: string | undefined;
  /** Domain of the cloud, where it is not Google's own. */
  readonly universeDomain?: string | undefined;
}

interface Reader {
  optional(name: string): string | undefined;
  list(name: string): readonly string[];
}

const PROVIDER =
  /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/;
const PROJECT = /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.gserviceaccount\.com$/;

/** Whether it is the full name of a workload identity provider, by the project's number. */
export function isProviderName(text: string): boolean {
  return PROVIDER.test(text);
}

export function isServiceAccount(text: string): boolean {
  return EMAIL.test(text);
}

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
    delegates: input.list('delegates').map((email) => email.replace(/^projects\/-\/serviceAccounts\//, '')),
    credentialsJson: input.optional('credentials_json'),
    universeDomain: input.optional('universe_domain'),
  };
  const {
    projectId,
    workloadIdentityProvider: provider,
    serviceAccount,
    delegates,
    credentialsJson,
    universeDomain,
  } = inputs;
  if (universeDomain && !UNIVERSE.test(universeDomain)) {
    throw refuse(
      'universe_domain',
      universeDomain,
      "write the domain that the cloud's API hosts end with, without a scheme, e.g. googleapis.com",
    );
  }
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
      'write the email address of the service account: NAME@PROJECT.iam.gserviceaccount.com',
    );
  }
  const delegate = delegates.find((email) => !EMAIL.test(email));
  if (delegate) {
    throw refuse(
      'delegates',
      delegate,
      'write email addresses of service accounts, one per line or separated by commas',
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
  const through = serviceAccount ? 'service_account' : delegates.length > 0 ? 'delegates' : undefined;
  if (through && !provider) {
    throw new ActionError(
      `Input "${through}" is "${serviceAccount ?? delegates.join(', ')}", but "workload_identity_provider" is empty.`,
      {
        code: 'input-conflict',
        hint:
          withheld()?.cure ??
          `set workload_identity_provider too: if the workflow sets it from a secret or a variable, that one is empty here (misspelled, of another environment, or not passed on); or leave ${through} empty`,
      },
    );
  }
  if (delegates.length > 0 && !serviceAccount) {
    throw new ActionError(`Input "delegates" is "${delegates.join(', ')}", but "service_account" is empty.`, {
      code: 'input-conflict',
      hint: 'set service_account to the last account of the chain',
    });
  }
  return inputs;
}

function refuse(name: string, value: string, hint: string): ActionError {
  return new ActionError(`Input "${name}" is not valid: "${value}".`, { code: 'input-invalid', hint });
}
