import type { Roles } from '../../google/iam/roles/roles.ts';
import type { Project } from '../../kernel/service/project.ts';

/** A permission that somebody was refused. */
export interface Missing {
  readonly permission: string;
  /** Full name of the resource, e.g. `projects/p/secrets/s`. */
  readonly resource: string;
  /** e.g. `serviceAccount:x@p.iam.gserviceaccount.com` */
  readonly member: string;
}

/** What to do, and the command that does it. */
export interface Mending {
  readonly advice: string;
  readonly command?: string;
}

/** Kinds of resources on which gcloud grants roles, and its commands for it. */
const BINDINGS: readonly (readonly [
  name: RegExp,
  command: (names: readonly string[]) => readonly string[],
])[] = [
  [
    /^projects\/([^/]+)\/serviceAccounts\/([^/]+)/,
    ([project = '', account = '']) => ['iam service-accounts', account, `--project=${project}`],
  ],
  [
    /^projects\/([^/]+)\/locations\/([^/]+)\/repositories\/([^/]+)/,
    ([project = '', location = '', id = '']) => [
      'artifacts repositories',
      id,
      `--location=${location}`,
      `--project=${project}`,
    ],
  ],
  [
    /^projects\/([^/]+)\/secrets\/([^/]+)/,
    ([project = '', secret = '']) => ['secrets', secret, `--project=${project}`],
  ],
  [
    /^projects\/([^/]+)\/locations\/([^/]+)\/services\/([^/]+)/,
    ([project = '', region = '', id = '']) => [
      'run services',
      id,
      `--region=${region}`,
      `--project=${project}`,
    ],
  ],
];

/**
 * How to grant what was missing: the predefined role that holds least, on the smallest resource.
 *
 * @param roles those that there are
 * @see https://cloud.google.com/iam/docs/granting-changing-revoking-access
 */
export function mendingOf(
  { permission, resource, member }: Missing,
  roles: Roles,
  project: Project,
): Mending {
  const role = roles.least(permission);
  if (!role) return { advice: `Grant a role with the permission ${permission} to ${member}.` };
  const named = resource.replace(
    new RegExp(`^projects/(?:${project.number}|-)(?=/|$)`),
    `projects/${project.id}`,
  );
  return {
    advice: `Grant ${roles.titleOf(role)} (${role}), the smallest predefined role with ${permission}, to ${member}.`,
    command: `gcloud ${bindingOf(named, permission, project)} --member=${quoted(member)} --role=${quoted(role)}`,
  };
}

/** The command that turns an API on. */
export function enabling(api: string, { id }: Project): Mending {
  return {
    advice: `Turn ${api} on for the project.`,
    command: `gcloud services enable ${quoted(api)} --project=${quoted(id)}`,
  };
}

function bindingOf(resource: string, permission: string, { id }: Project): string {
  // Nothing can be granted on what is still to be made.
  const isThere = !/\.create$/.test(permission);
  for (const [name, command] of isThere ? BINDINGS : []) {
    const found = name.exec(resource);
    if (!found) continue;
    const [group = '', target = '', ...flags] = command(found.slice(1));
    return [group, 'add-iam-policy-binding', quoted(target), ...flags.map(quoted)].join(' ');
  }
  const [, project = id] = /^projects\/([^/]+)/.exec(resource) ?? [];
  // Without it, gcloud asks for one on a policy that has conditions.
  return `projects add-iam-policy-binding ${quoted(project)} --condition=None`;
}

/** A word of a POSIX shell, whatever was asked for. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
