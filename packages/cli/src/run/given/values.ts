import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Misuse } from '../../misuse.ts';

/** Variables and secrets of a run, and what was made up. */
export interface Values {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Names of those that nobody gave, `vars.X` and `secrets.X`, and the value that each got, or what it is. */
  readonly madeUp: readonly { readonly name: string; readonly value: string }[];
}

/** What values are made from. */
export interface Known {
  readonly project: string;
  readonly projectNumber: string;
  readonly provider: string;
  readonly deployer: string;
  readonly gateway: string;
  /** What containers run as. */
  readonly runtime: string;
  readonly region: string;
  readonly registry: string;
  /** Name of the repository, without its owner. */
  readonly name: string;
  readonly githubToken: string;
  readonly flyToken: string;
  /** A key file of the deployer's, as JSON. */
  readonly keyFile: () => Promise<string>;
}

export interface GivenValues {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Variables and secrets from the command line and from files: those that are named, else `.vars` and `.secrets` of the
 * repository, where act looks too.
 *
 * @param secretNames that come from the environment, which leaves their values out of the command line
 * @throws Misuse for a file that is not there, or a secret that the environment lacks
 */
export function givenValues(
  folder: string,
  flags: {
    readonly var: Readonly<Record<string, string>>;
    readonly secret: readonly string[];
    readonly varFile?: string;
    readonly secretFile?: string;
  },
): GivenValues {
  const secrets = flags.secret.map((name) => {
    if (name.includes('='))
      throw new Misuse(
        `--secret takes the name of a variable of the environment, not a value, which others could see: export it, and give --secret ${name.split('=')[0]}.`,
      );
    const value = process.env[name];
    if (value === undefined) throw new Misuse(`--secret ${name}: the environment has no variable ${name}.`);
    return [name, value];
  });
  return {
    variables: { ...fileOf(folder, '.vars', '--var-file', flags.varFile), ...flags.var },
    secrets: {
      ...fileOf(folder, '.secrets', '--secret-file', flags.secretFile),
      ...Object.fromEntries(secrets),
    },
  };
}

function fileOf(
  folder: string,
  usual: string,
  flag: string,
  named: string | undefined,
): Readonly<Record<string, string>> {
  const file = named ?? join(folder, usual);
  if (existsSync(file)) return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>;
  if (named === undefined) return {};
  throw new Misuse(`${flag} ${named} is not there.`);
}

/** Names of the variables and secrets that workflows read. */
function namesRead(texts: readonly string[]): { variables: string[]; secrets: string[] } {
  const all = (kind: string) => [
    ...new Set(
      texts.flatMap((text) =>
        [...text.matchAll(new RegExp(`\\b${kind}\\.([A-Za-z_][A-Za-z0-9_]*)`, 'g'))].map(
          ([, name = '']) => name,
        ),
      ),
    ),
  ];
  return { variables: all('vars'), secrets: all('secrets') };
}

/**
 * Gives a value to each variable and secret that the repository's own workflows read and nobody gave.
 *
 * @param texts of the repository's own
 */
export async function withMadeUp(
  { variables, secrets }: GivenValues,
  texts: readonly string[],
  known: Known,
): Promise<Values> {
  const read = namesRead(texts);
  const madeUp: { name: string; value: string }[] = [];
  const allVariables: Record<string, string> = { ...variables };
  for (const name of read.variables) {
    if (Object.hasOwn(variables, name)) continue;
    const value = variableFor(name, known);
    allVariables[name] = value;
    madeUp.push({ name: `vars.${name}`, value });
  }
  // What our own workflows read where their inputs are empty.
  const ours = {
    GANGWAY_PROJECT_ID: known.project,
    GANGWAY_WORKLOAD_IDENTITY_PROVIDER: known.provider,
    GANGWAY_SERVICE_ACCOUNT: known.deployer,
    GANGWAY_GATEWAY_SERVICE_ACCOUNT: known.gateway,
  };
  const allSecrets: Record<string, string> = { GITHUB_TOKEN: known.githubToken, ...secrets };
  for (const name of read.secrets) {
    if (Object.hasOwn(allSecrets, name)) continue;
    const { value, what } = await secretFor(name, known);
    allSecrets[name] = value;
    madeUp.push({ name: `secrets.${name}`, value: what });
  }
  return { variables: { ...ours, ...allVariables }, secrets: allSecrets, madeUp };
}

/** Pairs of what a name says and the value that goes with it: the first that fits is it. */
function variableFor(name: string, known: Known): string {
  const rules: readonly (readonly [RegExp, string])[] = [
    [/PROJECT_?(NUMBER|NUM|NO)$/i, known.projectNumber],
    [/PROVIDER/i, known.provider],
    [/RUNTIME.*(SERVICE_?ACCOUNT|_SA|EMAIL)/i, known.runtime],
    [/GATEWAY.*(SERVICE_?ACCOUNT|_SA|EMAIL)/i, known.gateway],
    [/SERVICE_?ACCOUNT|_SA$|^SA$|_EMAIL$|DEPLOYER/i, known.deployer],
    [/WIF|WORKLOAD_?IDENTITY/i, known.provider],
    [/REGION|LOCATION|ZONE/i, known.region],
    [/REGISTRY(_HOST)?$/i, `${known.region}-docker.pkg.dev`],
    [/REPOSITORY|REPO$|GAR|ARTIFACT/i, known.registry],
    [/PROJECT/i, known.project],
    [/FLY_?ORG|ORGANI[SZ]ATION|^ORG$/i, 'personal'],
    [/SERVICE|APP|IMAGE|NAME|API|GATEWAY/i, known.name],
    [/PORT$/i, '8080'],
    [/URL|ORIGIN/i, 'http://127.0.0.1'],
  ];
  return (
    rules.find(([pattern]) => pattern.test(name))?.[1] ?? `local-${name.toLowerCase().replaceAll('_', '-')}`
  );
}

async function secretFor(name: string, known: Known): Promise<{ value: string; what: string }> {
  if (/FLY.*TOKEN/i.test(name)) return { value: known.flyToken, what: "a token of the local Fly.io's" };
  if (/GITHUB|GH_|_PAT$/i.test(name)) return { value: known.githubToken, what: "the job's own token" };
  if (
    /(SA|SERVICE_?ACCOUNT|GCP|GCLOUD|GOOGLE|CREDENTIALS?).*(KEY|JSON|CREDENTIALS?)$|CREDENTIALS(_JSON)?$/i.test(
      name,
    )
  )
    return { value: await known.keyFile(), what: `a key of ${known.deployer}` };
  if (/PROJECT|PROVIDER|WIF|WORKLOAD|SERVICE_?ACCOUNT|_SA$|REGION|LOCATION/i.test(name)) {
    const value = variableFor(name, known);
    return { value, what: value };
  }
  const value = `local-${name.toLowerCase().replaceAll('_', '-')}`;
  return { value, what: value };
}
