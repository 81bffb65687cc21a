import type { Seed } from '@gangway/emulator';
import { flyAppsIn } from './fly-apps.ts';

/** What a repository's workflows name of Google Cloud and Fly.io, and what therefore has to be there. */
export interface Named
  extends Required<
    Pick<Seed, 'service_accounts' | 'deployers' | 'providers' | 'repositories' | 'projects' | 'fly_apps'>
  > {}

const EMAIL = /\b([a-z][a-z0-9-]{4,28}[a-z0-9])@([a-z][a-z0-9.-]*?)\.iam\.gserviceaccount\.com/g;
const PROVIDER = /\bprojects\/\d+\/locations\/global\/workloadIdentityPools\/[\w-]+\/providers\/[\w-]+/g;
const IMAGE =
  /\b([a-z]+(?:-[a-z]+\d+)?)-docker\.pkg\.dev\/([a-z][a-z0-9-]{4,28}[a-z0-9])\/([a-z][a-z0-9-]*)/g;
const PROJECT = /\bproject(?:_id)?['"]?[:=]\s*['"]?([a-z][a-z0-9-]{4,28}[a-z0-9])['"]?\s*$/gm;
const DEPLOYS_AS = /\bservice_account['"]?:\s*['"]?(\S+@\S+?\.iam\.gserviceaccount\.com)/g;

/**
 * Reads names out of the texts of workflows.
 *
 * @param values of variables and of `env` by the expression that reads them, such as `vars.PROJECT`
 * @param flyConfigs texts of the repository's fly.toml and the like
 */
export function namedIn(
  texts: readonly string[],
  values: Readonly<Record<string, string>>,
  flyConfigs: readonly string[] = [],
): Named {
  const text = texts.map((one) => resolved(one, values)).join('\n');
  const images = [...text.matchAll(IMAGE)];
  const emails = [...text.matchAll(EMAIL)];
  const deployers = [...text.matchAll(DEPLOYS_AS)].map(([, email = '']) => email);
  return {
    service_accounts: unique(emails.map(([email]) => email)),
    deployers: unique([
      ...deployers,
      ...Object.values(values).filter((value) => new RegExp(`^${EMAIL.source}$`).test(value)),
    ]),
    providers: unique([...text.matchAll(PROVIDER)].map(([name]) => name)),
    repositories: unique(
      images.map(
        ([, location, project, repository]) =>
          `projects/${project}/locations/${location}/repositories/${repository}`,
      ),
    ),
    projects: unique([
      ...images.map(([, , project = '']) => project),
      ...emails.map(([, , project = '']) => project),
      ...[...text.matchAll(PROJECT)].map(([, project = '']) => project),
    ]),
    fly_apps: flyAppsIn(text, flyConfigs),
  };
}

/** The values of `env:` lines that are plain, by the expression that reads them. */
export function environmentValues(text: string): Readonly<Record<string, string>> {
  const lines = text.matchAll(/^\s+([A-Z][A-Z0-9_]*):\s*['"]?([^'"\n#{}]+?)['"]?\s*(?:#.*)?$/gm);
  return Object.fromEntries([...lines].map(([, name, value = '']) => [`env.${name}`, value]));
}

/** A text with the expressions in it whose values are known, once for each that another is made of. */
function resolved(text: string, values: Readonly<Record<string, string>>): string {
  let found = text;
  for (let round = 0; round < 3; round += 1)
    found = found
      .replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => values[name] ?? whole)
      .replace(/\$\{?([A-Z][A-Z0-9_]*)\}?/g, (whole, name: string) => values[`env.${name}`] ?? whole);
  return found;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
