import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '@gangway/action';

/** How variables reach a build. */
export interface BuildEnvironment {
  /** A file that pack reads. */
  readonly file: string;
  /** What pack gets in its own environment for those that the file has no way to write. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Writes the variables of a build for pack: no argument holds a value. A line of its file can't hold a value of several lines, or one that ends with
 * a space; such a line is the name alone, and pack takes the value from its own environment.
 *
 * @param scratch the step's own directory
 * @throws ActionError for such a value of a variable that pack heeds itself
 */
export async function writeEnvironment(
  env: Readonly<Record<string, string>>,
  scratch: string,
): Promise<BuildEnvironment> {
  const variables: Record<string, string> = {};
  const lines = Object.entries(env).map(([name, value]) => {
    if (!/[\r\n]/.test(value) && value.trimEnd() === value) return `${name}=${value}`;
    if (OF_PACK.test(name))
      throw invalid('build_env_vars', name, `write ${name} in one line that does not end with a space`);
    variables[name] = value;
    return name;
  });
  const file = join(scratch, 'build-env');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  return { file, variables };
}

/** What decides how pack itself runs. */
const OF_PACK = /^(PATH|HOME|TMPDIR|SSL_CERT_\w+|GODEBUG|(DOCKER|PACK)_\w+|\w+_PROXY|\w+_proxy)$/;
