import { ActionError, input, invalid, mask, missingFileHint, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { DATABASE_SECRET, type GoogleIdentity, SECRET_NAME, tokenParts } from '@gangway/fly';
import { parseReference } from '@gangway/registry';
import { type BuildInputs, readBuildInputs } from './app/build-inputs.ts';
import { readGoogleIdentity } from './app/google-identity.ts';
import { DECLARED } from './declared-inputs.ts';
import { readConfigFile } from './flyctl/config-file.ts';
import { type FlyctlVersion, readFlyctlVersion } from './flyctl/version.ts';
import { REFUSED } from './refused-inputs.ts';
import { type ReviewEvent, readReviewEvent } from './review-event.ts';
import { type DeployOptions, readDeployOptions } from './rollout/options.ts';

export interface Inputs {
  /** Of the deploy, or of what the apps of pull requests are called after. */
  readonly app: string;
  readonly config: string;
  /** Empty where it is built, or an app is destroyed. */
  readonly image: string;
  readonly build: BuildInputs;
  readonly org: string | undefined;
  readonly token: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly unsetSecrets: readonly string[];
  readonly strategy: string | undefined;
  readonly rollback: boolean;
  /** Path that has to answer, or undefined to ask for none. */
  readonly verify: string | undefined;
  /** Milliseconds; undefined for what fly.toml says, or flyctl. */
  readonly waitTimeout: number | undefined;
  /** Milliseconds. */
  readonly lockTimeout: number;
  readonly flyctl: FlyctlVersion;
  /** Which pull request gets an app of its own, or loses it. */
  readonly review: ReviewEvent | undefined;
  /** The cluster of Postgres that the app of a pull request is attached to. */
  readonly postgres: string | undefined;
  readonly options: DeployOptions;
  readonly githubToken: string | undefined;
  /** As whom the machines act at Google. */
  readonly identity: GoogleIdentity | undefined;
  readonly google: GoogleInputs;
}

/** Reads and checks all inputs; nothing was sent yet. */
export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED);
  enterWorkingDirectory();
  const review = readReviewEvent();
  const { config, app } = readConfigFile(review?.destroy ?? false);
  const token = readToken();
  const image = readImage();
  const inputs = {
    app,
    config,
    org: readOrganization(review !== undefined),
    options: readDeployOptions(review !== undefined),
    image,
    build: readBuildInputs(image),
    token,
    secrets: readSecrets(),
    unsetSecrets: input.list('unset_secrets'),
    strategy: readStrategy(),
    rollback: input.boolean('rollback'),
    verify: readVerify(),
    waitTimeout: input.optional('wait_timeout') ? input.duration('wait_timeout') : undefined,
    lockTimeout: input.duration('lock_timeout'),
    flyctl: readFlyctlVersion(),
    review,
    postgres: readPostgres(review !== undefined),
    githubToken: input.optional('github_token'),
    identity: readGoogleIdentity(),
    google: readGoogleInputs(input),
  };
  for (const name of inputs.unsetSecrets) {
    if (!SECRET_NAME.test(name))
      throw invalid('unset_secrets', name, 'write the names of secrets, one per line');
    if (inputs.secrets.has(name)) throw invalid('unset_secrets', name, `${name} is in secrets too; keep one`);
  }
  if (inputs.postgres && inputs.secrets.has(DATABASE_SECRET))
    throw invalid('postgres', inputs.postgres, `${DATABASE_SECRET} is in secrets too; keep one`);
  if (inputs.githubToken) mask(inputs.githubToken);
  return inputs;
}

/** Everything that a path names, here and in flyctl, is relative to it. */
function enterWorkingDirectory(): void {
  const directory = input.optional('working_directory');
  if (directory === undefined) return;
  try {
    process.chdir(directory);
  } catch {
    throw invalid(
      'working_directory',
      directory,
      missingFileHint('write the path of a directory in the workspace'),
    );
  }
}

/** The input, or flyctl's own variables; undefined where none of them holds a token. */
export function givenToken(): string | undefined {
  const { FLY_ACCESS_TOKEN, FLY_API_TOKEN } = process.env;
  return input.optional('api_token') ?? (FLY_ACCESS_TOKEN || FLY_API_TOKEN || undefined);
}

function readToken(): string {
  const given =
    givenToken()
      ?.trim()
      .replace(/^(["'])(.*)\1$/s, '$2') ??
    input.required(
      'api_token',
      'make one with "fly tokens create deploy --app APP --expiry 8760h", store it as a secret and pass it; or set FLY_API_TOKEN',
    );
  mask(given);
  for (const part of tokenParts(given)) mask(part);
  if (/[\r\n]/.test(given)) {
    throw new ActionError('Input "api_token" is not valid: it has several lines.', {
      code: 'input-invalid',
      hint: 'store what "fly tokens create" prints, which is one line',
    });
  }
  return given;
}

function readOrganization(needed: boolean): string | undefined {
  const org = input.optional('org') ?? (needed ? process.env.FLY_ORG || undefined : undefined);
  if (needed && !org)
    return input.required('org', 'name the organization in which the apps of pull requests are made');
  if (org && !/^[a-z0-9][a-z0-9-]*$/.test(org))
    throw invalid('org', org, 'write its slug, as "fly orgs list" shows it');
  return org;
}

function readPostgres(review: boolean): string | undefined {
  const postgres = input.optional('postgres');
  if (!postgres) return undefined;
  if (!review)
    throw invalid(
      'postgres',
      postgres,
      'it is for the apps of pull requests: leave it out, or set pull_request to true; attach the cluster of another app once, with "fly mpg attach" or "fly postgres attach"',
    );
  if (!/^[a-z0-9][a-z0-9-]*$/.test(postgres))
    throw invalid('postgres', postgres, 'write the id of a managed cluster, or the name of a Postgres app');
  return postgres;
}

function readImage(): string {
  const image = input.optional('image');
  if (!image) return '';
  // As Docker reads it: nginx:1.27 is of Docker Hub.
  if (!parseReference(image))
    throw invalid('image', image, 'write HOST/PATH@sha256:DIGEST, HOST/PATH:TAG, or NAME:TAG of Docker Hub');
  return image;
}

function readSecrets(): ReadonlyMap<string, string> {
  const secrets = new Map(Object.entries(input.secrets('secrets', SECRET_NAME, hide)));
  const lines = input.lines('secrets');
  for (const [name, value] of secrets) {
    // Between quotes it is one value, as the hint says.
    const isBare = lines.some((line) => {
      const at = line.indexOf('=');
      return line.slice(0, at).trim() === name && line.slice(at + 1).trim() === value;
    });
    // What fly-pr-review-apps takes for several secrets would become one.
    if (isBare && /^\S*(\s+[A-Z_][A-Z0-9_]*=\S*)+$/.test(value) && /^[A-Z_][A-Z0-9_]*$/.test(name))
      throw new ActionError(
        `Input "secrets" is not valid: the value of ${name} holds further NAME=VALUE, separated by spaces.`,
        {
          code: 'input-invalid',
          hint: `write one NAME=VALUE per line; if it is one value, put it between ${name}=""" and """`,
        },
      );
  }
  return secrets;
}

/** Masks all but what is too short to be a secret: every "1" and "no" of the log would go with it. */
function hide(value: string): void {
  if (value.length > 3) mask(value);
}

function readStrategy(): string | undefined {
  return (
    input.optional('strategy') && input.choice('strategy', ['rolling', 'canary', 'bluegreen', 'immediate'])
  );
}

function readVerify(): string | undefined {
  const path = input.required('verify', 'write a path such as /, or false');
  if (path === 'false') return undefined;
  if (!/^\/[\x21-\x7e]*$/.test(path))
    throw invalid('verify', path, 'write a path such as /healthz, or false');
  return path;
}
