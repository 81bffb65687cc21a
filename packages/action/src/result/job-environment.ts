import { ActionError } from '../error.ts';
import { log } from '../log/log.ts';
import { systemError } from '../system-error.ts';
import { append, appendPairs } from './runner-file.ts';

/**
 * Sets variables for the later steps of the job. Outside of a runner, only their names go to the log.
 *
 * @throws ActionError `environment-lost` when they can't be written
 */
export function exportVariables(variables: Readonly<Record<string, string>>): void {
  const { GITHUB_ENV: path } = process.env;
  if (path) written('GITHUB_ENV', () => appendPairs(path, Object.entries(variables)));
  else log.info(`Variables for later steps: ${Object.keys(variables).join(', ')}`);
}

/**
 * Puts a folder in front of the PATH of the later steps of the job.
 *
 * @throws ActionError `environment-lost` when it can't be written
 */
export function addToPath(folder: string): void {
  const { GITHUB_PATH: path } = process.env;
  if (path) written('GITHUB_PATH', () => append(path, `${folder}\n`));
  else log.info(`For the PATH of later steps: ${folder}`);
}

function written(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const cause = systemError(error);
    if (!cause) throw error;
    throw new ActionError(
      `Later steps would not get what this one sets: ${file} can't be written to. ${cause.message}`,
      {
        code: 'environment-lost',
        hint: cause.hint,
        cause,
      },
    );
  }
}
