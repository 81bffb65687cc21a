import { ActionError } from '@gangway/action/error';
import type { Actor } from './actor.ts';
import { GoogleError } from './error.ts';
import { grant, type Missing } from './grant.ts';

/**
 * Does some work; an error in which Google names a missing permission gets the command that grants it.
 *
 * @throws ActionError with the permission, the principal and the command in its hint; any other error as it came
 */
export async function explaining<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, actor);
  }
}

function explain(error: unknown, actor: Actor): unknown {
  if (!(error instanceof ActionError)) return error;
  // An action may have said more about what Google said; Docker and the registry say it in texts of their own.
  const google = [error, error.cause].find((one) => one instanceof GoogleError);
  // A refusal to sign in has its command already, and is another's business.
  if (!google && error.hint?.includes('gcloud ')) return error;
  const missing = google ? missingIn(google.detail, google.permission) : missingIn(error.message);
  const hint = missing ? grant(missing, actor) : google && cure(google.detail, actor);
  if (!hint) return error;
  return new ActionError(error.message, { code: error.code, hint, cause: error });
}

const NAMED =
  /\bpermission \\?['"](\w+(?:\.\w+){2,})\\?['"]|does not have (\w+(?:\.\w+){2,}) access|\bRequired '(\w+(?:\.\w+){2,})' permission/i;
/** In the words of Kubernetes Engine, and of the API servers of its clusters. */
const REQUIRED = /\b(?:Required|requires one of \[)\s*"(\w+(?:\.\w+){2,})"/i;
const RESOURCE =
  /\b(?:on|for|on resource|for resource|service account) \\?['"]?(?:\/\/[\w.]+\/)?((?:projects\/|[\w-]+@)[^\s'"\\]+)/i;

function missingIn(text: string, known?: string): Missing | undefined {
  const [, quoted, lacked, required] = NAMED.exec(text) ?? [];
  // Compute Engine says it in words of its own.
  const account = /not have access to service account '([^']+)'/.exec(text)?.[1];
  if (account)
    return { permission: 'iam.serviceAccounts.actAs', resource: `projects/-/serviceAccounts/${account}` };
  const permission = known ?? quoted ?? lacked ?? required ?? REQUIRED.exec(text)?.[1] ?? implied(text);
  if (!permission) return undefined;
  const resource = RESOURCE.exec(text)?.[1]?.replace(/[.,)]+$/, '');
  // Cloud Run spells it in its own way, and names the account alone.
  if (permission.toLowerCase() === 'iam.serviceaccounts.actas') {
    const named = resource?.includes('/') ? resource : resource && `projects/-/serviceAccounts/${resource}`;
    return { permission: 'iam.serviceAccounts.actAs', resource: named };
  }
  return { permission, resource };
}

/** Permissions that Google's message stands for without naming them. */
function implied(text: string): string | undefined {
  const [, verb, what] =
    /Permission denied to (get|list|enable|disable) (service|operation)/i.exec(text) ?? [];
  if (verb && what) return `serviceusage.${what.toLowerCase()}s.${verb.toLowerCase()}`;
  // The API does not tell a service that is not there from one that the caller may not consume.
  if (/not found or permission denied for service/i.test(text)) return 'servicemanagement.services.bind';
  return undefined;
}

function cure(detail: string, { projectId }: Actor): string | undefined {
  const [, project = '', secret = '', reader = ''] =
    /denied on secret: projects\/([^/]+)\/secrets\/([^/]+)\/.*? service account ([^\s]+@[^\s.]+(?:\.[^\s.]+)+)/.exec(
      detail,
    ) ?? [];
  if (secret)
    return `let the account that the container runs as read it: gcloud secrets add-iam-policy-binding ${secret} --project=${/^\d+$/.test(project) ? projectId : project} --member="serviceAccount:${reader}" --role=roles/secretmanager.secretAccessor`;
  const missing = /resource 'projects\/[^/]+\/serviceAccounts\/([^'@]+)@[^']*' was not found/.exec(
    detail,
  )?.[1];
  if (missing)
    return `check runtime_service_account, or create the account: gcloud iam service-accounts create ${missing} --project=${projectId}`;
  const account = /Service Account "(?:[^"]*\/)?([^"/]+)" does not exist/i.exec(detail)?.[1];
  if (!account) return undefined;
  const [name = '', domain = ''] = account.split('@');
  // A project with a domain, example.com:demo, has accounts of demo.example.com.
  if (domain === `${projectId.split(':').reverse().join('.')}.iam.gserviceaccount.com`)
    return `check gateway_service_account, or create the account: gcloud iam service-accounts create ${name} --project=${projectId}`;
  return 'set gateway_service_account to a service account that exists; API Gateway uses the Compute Engine default account if none is named';
}
