import type { Reply } from '../../kernel/http/call.ts';
import { enabling, type Mending, type Missing, mendingOf } from './mend.ts';
import type { Asked, Surroundings } from './surroundings.ts';

/** Why a request, or what it had begun, did not succeed. */
export interface Refusal extends Partial<Mending> {
  /** In the words of the service. */
  readonly message: string;
  /** e.g. `PERMISSION_DENIED`, of google.rpc.Code, of the registry or of OAuth. */
  readonly code: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A list of clients that ask whether something is there before they make it: that it is not there is no refusal. */
const EXPECTED = [404, 304];
const PERMISSION = /["']([a-z][\w.]+\.\w+)["'] denied/i;
const ON_ACCOUNT = /on service account ([^\s']+)/;
const ON_RESOURCE = /(?:on|for)(?: resource)? ["'](projects\/[^"']+)["']/;
const ACCESSOR =
  /denied on secret: (projects\/[^/]+\/secrets\/[^/]+)\S* for \w[\w ]* service account (\S+@[\w.-]+\w)/;

/** What was refused, and how to mend it; undefined for what went well, or is not there as clients expect. */
export function refusalOf(asked: Asked, reply: Reply, surroundings: Surroundings): Refusal | undefined {
  const { status = 200, body } = reply;
  const failed = status < 400 ? failureIn(body) : undefined;
  if (status < 400 && !failed) return undefined;
  const error = failed ?? errorOf(body);
  const isAbsent = reasonOf(error) === 'NOT_IN_THE_LOCAL_CLOUD';
  if (EXPECTED.includes(status) && !isAbsent) return undefined;
  // How every client of a registry learns where to sign in.
  if (status === 401 && !asked.member && reply.headers?.['www-authenticate']) return undefined;
  const message = textOf(error.message) || textOf(error.error_description) || `HTTP ${status}`;
  const code = textOf(error.status) || textOf(error.code) || textOf(error.error) || String(status);
  return { message, code, ...mend(error, message, status, asked, surroundings) };
}

function mend(
  error: Fields,
  message: string,
  status: number,
  asked: Asked,
  { roles, project }: Surroundings,
): Mending | undefined {
  const reason = reasonOf(error);
  const api = textOf(metadataOf(error).service);
  if (reason === 'SERVICE_DISABLED' && api) return enabling(api, project);
  if (reason === 'NOT_IN_THE_LOCAL_CLOUD')
    return { advice: 'The local cloud does not have this. Its documentation lists what it has.' };
  if (reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT')
    return { advice: 'Sign in with the scope https://www.googleapis.com/auth/cloud-platform.' };
  const missing = missingOf(error, message, asked);
  if (missing) return mendingOf(missing, roles, project);
  if (status === 401)
    return {
      advice: 'Sign in: the token is missing, has expired or is of an earlier start of the local cloud.',
      command: 'eval "$(gangway env)"',
    };
  return undefined;
}

function missingOf(error: Fields, message: string, { member, path }: Asked): Missing | undefined {
  const [, secret, account] = ACCESSOR.exec(message) ?? [];
  if (secret && account)
    return {
      permission: 'secretmanager.versions.access',
      resource: secret,
      member: `serviceAccount:${account}`,
    };
  const subject = new URLSearchParams(subjectOf(error));
  const permission =
    textOf(metadataOf(error).permission) || subject.get('permission') || PERMISSION.exec(message)?.[1];
  if (!permission || !member) return undefined;
  const onAccount = ON_ACCOUNT.exec(message)?.[1];
  const resource =
    (onAccount && `projects/${projectOf(onAccount)}/serviceAccounts/${onAccount}`) ||
    ON_RESOURCE.exec(message)?.[1] ||
    subject.get('resource') ||
    path.replace(/^\/v\d\w*\//, '').replace(/[:?].*$/, '');
  // As Cloud Run spells it.
  return { permission: permission.replace('serviceaccounts', 'serviceAccounts'), resource, member };
}

/** The project of an account, as its e-mail says. */
function projectOf(email: string): string {
  return /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1] ?? '-';
}

/** The error of an operation that has ended with one. */
function failureIn(body: unknown): Fields | undefined {
  const { done, error } = isFields(body) ? body : {};
  return done === true && isFields(error) ? error : undefined;
}

/** What an API, a registry (`errors`) or an OAuth endpoint (`error` as a word) says. */
function errorOf(body: unknown): Fields {
  const fields = isFields(body) ? body : {};
  if (isFields(fields.error)) return fields.error;
  const [first] = Array.isArray(fields.errors) ? fields.errors : [];
  return isFields(first) ? first : fields;
}

function reasonOf(error: Fields): string {
  return textOf(infoOf(error).reason);
}

function metadataOf(error: Fields): Fields {
  const { metadata } = infoOf(error);
  return isFields(metadata) ? metadata : {};
}

function infoOf(error: Fields): Fields {
  return detailsOf(error).find((detail) => 'reason' in detail) ?? {};
}

function subjectOf(error: Fields): string {
  const violations = detailsOf(error).flatMap((detail) =>
    Array.isArray(detail.violations) ? detail.violations.filter(isFields) : [],
  );
  return textOf(violations[0]?.subject).replace(/^\?/, '');
}

function detailsOf({ details }: Fields): readonly Fields[] {
  return Array.isArray(details) ? details.filter(isFields) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
