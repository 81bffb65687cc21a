import { input, invalid } from '@gangway/action';
import type { Pairs } from '@gangway/settings';
import { readEnvFile } from './env-file.ts';

/** Names that Cloud Run sets itself (https://cloud.google.com/run/docs/container-contract#env-vars). */
const RESERVED = new Set(['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION']);
/** Kubernetes' rule (IsEnvVarName), which Cloud Run's API has from it. */
const NAME = /^[A-Za-z_.-][\w.-]*$/;

/**
 * The environment variables of `env_vars` and of the file; those of the input come first.
 *
 * @throws ActionError also for `{}`, which removes all, beside a file whose variables are merged
 */
export function readEnv(): Pairs {
  const given = input.pairList('env_vars');
  const file = readEnvFile();
  checkEnvNames('env_vars', Object.keys(given ?? {}));
  checkEnvNames('env_vars_file', Object.keys(file ?? {}));
  const removesAll = given !== undefined && Object.keys(given).length === 0;
  const overwrites = input.optional('env_vars_update_strategy') === 'overwrite';
  if (removesAll && !overwrites && Object.keys(file ?? {}).length > 0)
    throw invalid(
      'env_vars',
      '{}',
      'it removes all, and env_vars_file names some; leave it out, and write env_vars_update_strategy: overwrite to have those of the file alone',
    );
  return given || file ? { ...file, ...given } : undefined;
}

/** @throws ActionError for what can't be the name of a variable, or is one that Cloud Run sets */
export function checkEnvNames(of: 'env_vars' | 'env_vars_file' | 'secrets', names: readonly string[]): void {
  for (const name of names) {
    if (!NAME.test(name))
      throw invalid(
        of,
        name,
        'use letters, digits, underscores, dots and dashes in names, and no digit first',
      );
    if (RESERVED.has(name))
      throw invalid(
        of,
        name,
        `Cloud Run sets ${name} itself${name === 'PORT' ? '; use the input port' : '; leave it out'}`,
      );
    if (name.startsWith('X_GOOGLE_'))
      throw invalid(of, name, 'Google keeps names that begin with X_GOOGLE_ for itself; choose another');
  }
}
