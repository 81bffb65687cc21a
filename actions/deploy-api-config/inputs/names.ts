import { input, invalid } from '@gangway/action';

/** The resources a deploy is about, by their ids. */
export interface Names {
  readonly api: string;
  readonly gateway: string;
  /** Regions, in the order they are deployed to. */
  readonly locations: readonly string[];
  /** E-mail address. */
  readonly gatewayServiceAccount: string | undefined;
}

const ID_HINT = 'use lower-case letters, digits and dashes, and do not start with a dash';

/**
 * Reads the names. What Google shows is taken as well as ids: full names, with the project's id or number in them, and
 * slashes at either end.
 */
export function readNames(projectId: string | undefined): Names {
  const api = idOf('api', input.required('api'), /^projects\/([^/]+)\/locations\/global\/apis\/([^/]+)$/, 63);
  const locations = [
    ...new Set(input.list('location').map((location) => trimmed(location).replace(/^.*\//, ''))),
  ];
  if (locations.length === 0) input.required('location');
  for (const location of locations) {
    if (!/^[a-z]+-[a-z]+\d+$/.test(location))
      throw invalid('location', location, 'write a region such as us-central1, or several');
  }
  const name = /^projects\/([^/]+)\/locations\/([^/]+)\/gateways\/([^/]+)$/;
  const gateway = input.optional('gateway') ?? api;
  const region = name.exec(trimmed(gateway))?.[2];
  if (region && !(locations.length === 1 && locations[0] === region))
    throw invalid('gateway', gateway, `it lies in ${region}, and location says ${locations.join(', ')}`);
  return {
    api,
    gateway: idOf('gateway', gateway, name, 49),
    locations,
    gatewayServiceAccount: readAccount(),
  };

  function idOf(which: string, value: string, full: RegExp, length: number): string {
    const parts = full.exec(trimmed(value));
    const project = parts?.[1];
    // A number may well be the same project.
    if (projectId && project && !/^\d+$/.test(project) && project !== projectId)
      throw invalid(which, value, `it lies in the project ${project}, and project_id says ${projectId}`);
    const id = parts?.at(-1) ?? trimmed(value);
    if (!new RegExp(`^[a-z0-9][a-z0-9-]{0,${length - 1}}$`).test(id))
      throw invalid(which, value, `${ID_HINT}; ${length} characters at most`);
    return id;
  }
}

function readAccount(): string | undefined {
  const given = input.optional('gateway_service_account');
  if (!given) return undefined;
  const email = trimmed(given).replace(/^projects\/[^/]+\/(?:serviceAccounts|accounts)\//, '');
  if (!/^[^@\s:]+@[^@\s]+\.gserviceaccount\.com$/.test(email))
    throw invalid('gateway_service_account', given, 'write the email address of a service account');
  return email;
}

function trimmed(name: string): string {
  return name.replace(/^\/+|\/+$/g, '');
}
