import { input, invalid } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';

export interface SecretReference {
  readonly secret: string;
  readonly version: string;
}

/** The settings that may be left to the service: undefined keeps what is there. */
export interface Settings {
  /** The whole environment, plain and from Secret Manager. */
  readonly env: Readonly<Record<string, string | SecretReference>> | undefined;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly minInstances: number | undefined;
  readonly maxInstances: number | undefined;
  readonly concurrency: number | undefined;
  readonly port: number | undefined;
  readonly serviceAccount: string | undefined;
}

export interface Inputs extends Settings {
  readonly google: GoogleInputs;
  readonly service: string;
  readonly region: string;
  readonly image: string;
  /** IAM members, or undefined to leave the policy alone. */
  readonly invokers: readonly string[] | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

const SERVICE = /^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;
const IMAGE = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|group|domain|serviceAccount|principal|principalSet):\S+)$/;
const SECRET = /^(?<secret>(?:projects\/[^/]+\/secrets\/)?[\w-]{1,255}):(?<version>latest|\d+|[a-z][\w-]*)$/i;
/** Names that Cloud Run sets itself (https://cloud.google.com/run/docs/container-contract#env-vars). */
const RESERVED = new Set(['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION']);

export function readInputs(): Inputs {
  const minInstances = input.integer('min_instances', { min: 0, max: 1000 });
  const maxInstances = input.integer('max_instances', { min: 1, max: 1000 });
  if (minInstances !== undefined && maxInstances !== undefined && minInstances > maxInstances) {
    throw invalid(
      'min_instances',
      String(minInstances),
      `it must not be more than max_instances, ${maxInstances}`,
    );
  }
  return {
    google: readGoogleInputs(input),
    service: input.matching(
      'service',
      SERVICE,
      'use lower-case letters, digits and dashes, starting with a letter, 49 at most',
    ),
    region: input.matching('region', REGION, 'write a region such as us-central1'),
    image: input.matching('image', IMAGE, 'write HOST/PATH@sha256:DIGEST, or HOST/PATH:TAG'),
    env: readEnvironment(),
    cpu: optional(
      'cpu',
      /^(0\.\d+|[1-8])$|^\d{2,4}m$/,
      'write a number of CPUs such as 0.5, 1, 2, 4, 6 or 8',
    ),
    memory: optional('memory', /^\d+(\.\d+)?(Mi|Gi|M|G)$/, 'write an amount such as 512Mi or 2Gi'),
    minInstances,
    maxInstances,
    concurrency: input.integer('concurrency', { min: 1, max: 1000 }),
    port: input.integer('port', { min: 1, max: 65535 }),
    serviceAccount: optional(
      'runtime_service_account',
      /^[^@\s:]+@[^@\s]+\.gserviceaccount\.com$/,
      'write the e-mail address of a service account',
    ),
    invokers: readInvokers(),
    timeout: input.duration('timeout'),
  };
}

function readEnvironment(): Settings['env'] {
  const plain = input.pairs('env_vars');
  const secrets = Object.entries(input.pairs('secrets')).map(([name, value]) => {
    const groups = SECRET.exec(value)?.groups;
    if (!groups)
      throw invalid(
        'secrets',
        `${name}=…`,
        'write NAME=SECRET:VERSION, the name of a Secret Manager secret, not its value',
      );
    if (Object.hasOwn(plain, name)) throw invalid('secrets', name, `${name} is in env_vars too; keep one`);
    return [name, { secret: groups.secret ?? '', version: groups.version ?? '' }] as const;
  });
  const env = { ...plain, ...Object.fromEntries(secrets) };
  for (const name of Object.keys(env)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw invalid('env_vars', name, 'use letters, digits and underscores');
    if (RESERVED.has(name))
      throw invalid(
        'env_vars',
        name,
        `Cloud Run sets ${name} itself${name === 'PORT' ? '; use the input port' : ''}`,
      );
  }
  return Object.keys(env).length > 0 ? env : undefined;
}

function readInvokers(): string[] | undefined {
  const members = input
    .list('invokers')
    .map((member) =>
      /^[^:\s]+@\S+\.gserviceaccount\.com$/.test(member) ? `serviceAccount:${member}` : member,
    );
  for (const member of members) {
    if (!MEMBER.test(member))
      throw invalid(
        'invokers',
        member,
        'write an IAM member such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com, or allUsers',
      );
  }
  return members.length > 0 ? [...new Set(members)] : undefined;
}

function optional(name: string, pattern: RegExp, hint: string): string | undefined {
  const value = input.optional(name);
  if (value !== undefined && !pattern.test(value)) throw invalid(name, value, hint);
  return value;
}
