import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addToPath, exportVariables, mask } from '@gangway/action';
import { gangwayScript } from './gangway.ts';

/** What this action puts out. */
export interface Outputs {
  readonly origin: string;
  readonly project_id: string;
  readonly workload_identity_provider: string;
  readonly service_account: string;
  readonly registry: string;
}

/** Variables that are credentials themselves; all others that lead to some name a file. */
const CREDENTIALS = ['ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'GANGWAY_GITHUB_TOKEN'];

/**
 * Points later steps at the local cloud, and puts the command `gangway` on their PATH. What the runner sets itself at each step,
 * GITHUB_API_URL among it, can't be set.
 *
 * @param variables those that `gangway env` prints
 */
export async function pointLaterSteps(
  variables: Readonly<Record<string, string>>,
  scratch: string,
): Promise<Outputs> {
  for (const name of CREDENTIALS) mask(variables[name] ?? '');
  const settable = Object.entries(variables).filter(
    ([name]) => !/^(?:GITHUB|RUNNER)_|^GANGWAY_GITHUB_TOKEN$/.test(name),
  );
  exportVariables(Object.fromEntries(settable));
  addToPath(await putCommand(join(scratch, 'bin')));
  return outputsOf(variables);
}

/** The outputs that variables of a local cloud tell. */
export function outputsOf(variables: Readonly<Record<string, string | undefined>>): Outputs {
  return {
    origin: variables.GANGWAY_ORIGIN ?? '',
    project_id: variables.GOOGLE_CLOUD_PROJECT ?? '',
    workload_identity_provider: variables.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
    service_account: variables.GANGWAY_SERVICE_ACCOUNT ?? '',
    registry: variables.GANGWAY_REGISTRY_HOST ?? '',
  };
}

/** The command in a folder, by the Node that runs this step: that of the PATH may be too old. */
async function putCommand(folder: string): Promise<string> {
  await mkdir(folder);
  const [node, script] = [process.execPath, gangwayScript()];
  if (process.platform === 'win32') {
    await writeFile(join(folder, 'gangway.cmd'), `@"${node}" "${script}" %*\r\n`);
    return folder;
  }
  const quoted = [node, script].map((path) => `'${path.replaceAll("'", `'\\''`)}'`).join(' ');
  await writeFile(join(folder, 'gangway'), `#!/bin/sh\nexec ${quoted} "$@"\n`);
  await chmod(join(folder, 'gangway'), 0o755);
  return folder;
}
